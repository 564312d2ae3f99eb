using PracticPro.Kernel;

namespace PracticPro.Sync.Gmail;

/// <summary>The access token of one connection.</summary>
internal interface IAccessTokens
{
    /// <summary>A token that should still be good; renewed first when it has run out.</summary>
    ValueTask<Outcome<SecretText>> CurrentAsync(CancellationToken cancellation);

    /// <summary>Another token than <paramref name="stale"/>, which the provider refused. Callers at the same time share one renewal.</summary>
    ValueTask<Outcome<SecretText>> RenewAsync(SecretText stale, CancellationToken cancellation);
}
