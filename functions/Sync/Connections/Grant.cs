using System.Collections.Immutable;
using System.Text.Json.Serialization;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Sync.Connections;

/// <summary>
/// What a token exchange gave: the one place where tokens are held outside of the door, from the provider's answer until they
/// are sealed. Whoever asked for it disposes it. Never printed.
/// </summary>
/// <param name="Refresh">Null when the provider sent none, as on a renewal.</param>
/// <param name="Scopes">As the answer named them, without what the provider may put in front; empty when it named none.</param>
[JsonConverter(typeof(NeverJson<Grant>))]
internal sealed record Grant(
    SecretBytes Access, SecretBytes? Refresh, DateTimeOffset AccessExpiresAt, ImmutableArray<string> Scopes) : IDisposable
{
    /// <summary>The access token for calls to the processor, by reference, while the grant is not disposed.</summary>
    /// <param name="owner">Who asked for the grant.</param>
    public SealedToken AccessFor(Processor processor, TenantId owner) => new JustGranted(Access, processor, owner);

    /// <summary>The same as a source of tokens, which cannot renew.</summary>
    public IAccessTokens TokensFor(Processor processor, TenantId owner) => new Fresh(AccessFor(processor, owner));

    public void Dispose()
    {
        Access.Dispose();
        Refresh?.Dispose();
    }

    public override string ToString() => "***";

    private sealed class JustGranted(SecretBytes token, Processor processor, TenantId owner) : SealedToken
    {
        public override Processor For => processor;

        public override TenantId Owner => owner;

        public override ValueTask<Outcome<int>> OpenAsync(Memory<byte> into, CancellationToken cancellation)
        {
            if (token.Length > into.Length)
            {
                return ValueTask.FromResult<Outcome<int>>(new EgressFailures.TokenNotUsable());
            }

            token.Reveal("to send it").CopyTo(into.Span);
            return ValueTask.FromResult<Outcome<int>>(token.Length);
        }
    }

    private sealed class Fresh(SealedToken access) : IAccessTokens
    {
        public ValueTask<Outcome<SealedToken>> CurrentAsync(CancellationToken cancellation) =>
            ValueTask.FromResult(new Outcome<SealedToken>(access));

        public ValueTask<Outcome<SealedToken>> RenewAsync(SealedToken stale, CancellationToken cancellation) =>
            ValueTask.FromResult(new Outcome<SealedToken>(new SyncFailures.GrantDead()));
    }
}
