using Azure.Core;
using Azure.Identity;

namespace PracticPro.Durable.Remote;

/// <summary>Access tokens for the scheduler, kept until five minutes before their end. Never logged.</summary>
internal sealed class SchedulerTokens(TokenCredential credential, TimeProvider time) : IDisposable
{
    private static readonly TokenRequestContext Scope = new(["https://durabletask.io/.default"]);
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim gate = new(1);
    private AccessToken current;

    /// <summary>Null when the engine asks nobody who they are.</summary>
    public static SchedulerTokens? Of(SchedulerOptions options, TimeProvider time) => options.Authentication switch
    {
        SchedulerAuthentication.None => null,
        SchedulerAuthentication.ManagedIdentity => new(new ManagedIdentityCredential(Identity(options)), time),
        _ => new(new DefaultAzureCredential(), time),
    };

    public async ValueTask<string> TokenAsync(CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            if (current.Token is null || time.GetUtcNow() >= current.ExpiresOn - Margin)
            {
                current = await credential.GetTokenAsync(Scope, cancellation);
            }

            return current.Token;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private static ManagedIdentityId Identity(SchedulerOptions options) => options.ClientId is { } client
        ? ManagedIdentityId.FromUserAssignedClientId(client)
        : ManagedIdentityId.SystemAssigned;
}
