using PracticPro.Egress;
using PracticPro.Kernel;

namespace PracticPro.Sync.Connections;

/// <summary>The access token of one connection, by reference: what it is, only the door learns.</summary>
internal interface IAccessTokens
{
    /// <summary>A token that should still be good; renewed first when it has run out.</summary>
    ValueTask<Outcome<SealedToken>> CurrentAsync(CancellationToken cancellation);

    /// <summary>
    /// Another token than the one <paramref name="stale"/> was when it was last opened, which the provider refused. Callers
    /// at the same time share one renewal.
    /// </summary>
    ValueTask<Outcome<SealedToken>> RenewAsync(SealedToken stale, CancellationToken cancellation);
}
