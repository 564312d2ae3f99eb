using Azure.Core;
using Azure.Core.Pipeline;

namespace PracticPro.Vault.Drivers.KeyVault;

/// <summary>
/// Signs every request to one vault. The first one goes without a body, so that nothing is told before the vault has said
/// who it takes tokens from; its challenge is kept. A token is used until five minutes before its end, or until its issuer
/// wants it renewed, and many callers share one renewal. A 401 in spite of a token is tried once more with a new challenge
/// and a new token: directories move, and tokens are revoked.
/// </summary>
internal sealed class ChallengePolicy(Uri home, TokenCredential credential, TimeProvider time) : HttpPipelinePolicy
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim one = new(1);

    // Written under the semaphore only.
    private volatile KeyVaultChallenge? challenge;
    private volatile Held? held;

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("A key vault is asked asynchronously only.");

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (challenge is null && !await LearnAsync(message, pipeline))
        {
            return;
        }

        var used = await AuthorizeAsync(message, refused: null);
        await ProcessNextAsync(message, pipeline);
        if (message.Response.Status != 401 || Challenged(message) is not { } again)
        {
            return;
        }

        await AdoptAsync(again, message.CancellationToken);
        await AuthorizeAsync(message, refused: used);
        message.Response.Dispose();
        await ProcessNextAsync(message, pipeline);
    }

    /// <summary>False when the vault answered something else than a challenge: that is the answer, then.</summary>
    private async ValueTask<bool> LearnAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await one.WaitAsync(message.CancellationToken);
        try
        {
            if (challenge is not null)
            {
                return true;
            }

            var content = message.Request.Content;
            message.Request.Content = null;
            await ProcessNextAsync(message, pipeline);
            message.Request.Content = content;
            if (message.Response.Status != 401)
            {
                return false;
            }

            challenge = Challenged(message) ?? throw NotUnderstood();
            message.Response.Dispose();
            return true;
        }
        finally
        {
            one.Release();
        }
    }

    private async ValueTask AdoptAsync(KeyVaultChallenge again, CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        challenge = again;
        one.Release();
    }

    /// <param name="refused">A token the vault did not take: not used again.</param>
    /// <returns>The token that was put on the request.</returns>
    private async ValueTask<Held> AuthorizeAsync(HttpMessage message, Held? refused)
    {
        var token = held;
        if (token is null || ReferenceEquals(token, refused) || time.GetUtcNow() >= token.RenewAt)
        {
            token = await RenewAsync(refused, message.CancellationToken);
        }

        message.Request.Headers.SetValue("Authorization", "Bearer " + token.Text);
        return token;
    }

    private async ValueTask<Held> RenewAsync(Held? refused, CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        try
        {
            var now = time.GetUtcNow();
            if (held is { } other && !ReferenceEquals(other, refused) && now < other.RenewAt)
            {
                return other;
            }

            try
            {
                var asked = challenge!;
                var context = new TokenRequestContext(
                    [asked.Scope], parentRequestId: null, asked.Claims, asked.Directory, isCaeEnabled: true);
                var token = await credential.GetTokenAsync(context, cancellation);
                var renewAt = token.RefreshOn is { } wanted && wanted < token.ExpiresOn ? wanted : token.ExpiresOn - Early;
                return held = new Held(token.Token, renewAt > now ? renewAt : token.ExpiresOn, token.ExpiresOn);
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                // What the credential says may hold names and addresses. An old token that is still good goes on.
                return held is { } old && !ReferenceEquals(old, refused) && now < old.EndsAt
                    ? old
                    : throw new KeyStoreUnavailableException(new KeyStoreFailures.NoToken());
            }
        }
        finally
        {
            one.Release();
        }
    }

    private KeyVaultChallenge? Challenged(HttpMessage message) =>
        KeyVaultChallenge.Read(
            message.Response.Headers.TryGetValue("WWW-Authenticate", out var header) ? header : null, home);

    private static KeyStoreUnavailableException NotUnderstood() => new(new KeyStoreFailures.NotUnderstood());

    private sealed class Held(string text, DateTimeOffset renewAt, DateTimeOffset endsAt)
    {
        public string Text { get; } = text;

        public DateTimeOffset RenewAt { get; } = renewAt;

        public DateTimeOffset EndsAt { get; } = endsAt;
    }
}
