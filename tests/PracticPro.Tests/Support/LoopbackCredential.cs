using Azure.Core;
using PracticPro.Loopback;

namespace PracticPro.Tests.Support;

/// <summary>A credential whose tokens the doubles on this machine accept, for whatever service is asked for.</summary>
internal sealed class LoopbackCredential(LoopbackTokens tokens, TimeProvider time) : TokenCredential
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(24);

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        var scope = requestContext.Scopes[0];
        var audience = scope.EndsWith("/.default", StringComparison.Ordinal) ? scope[..^"/.default".Length] : scope;
        return new AccessToken(tokens.Mint(audience, time.GetUtcNow(), GoodFor), TimeProvider.System.GetUtcNow() + GoodFor);
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        ValueTask.FromResult(GetToken(requestContext, cancellationToken));
}
