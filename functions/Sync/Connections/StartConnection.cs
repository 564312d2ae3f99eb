using System.Security.Cryptography;
using System.Text;
using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Connections;

/// <summary>
/// The first half of connecting an account: makes a state and a PKCE verifier, keeps them for ten minutes, and says which
/// page the browser goes to.
/// </summary>
internal sealed class StartConnection(TenantScopes scopes, ConnectorBook connectors, OAuthGrants grants, TimeProvider time)
{
    public async Task<Outcome<Uri>> RunAsync(SignedIn by, Provider provider, CancellationToken cancellation)
    {
        if (connectors.Find(provider) is not { } connector)
        {
            return new SyncFailures.NoSuchProvider();
        }

        if (!grants.IsSetUp(connector))
        {
            return new SyncFailures.NotSetUp(connector.Title, SettingsOf(connector));
        }

        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        var state = Session.NewToken();
        var attempt = new ConnectAttempt(
            HashOf(state),
            Verifier: Session.NewToken(),
            by.Session.TokenHash,
            by.Person.Id,
            time.GetUtcNow() + ConnectAttempt.Lifetime,
            provider,
            grants.RedirectOf(connector));
        await scope.CommitAsync(
            new AuditEntry(by.Actor, AuditAct.ConnectionStarted),
            [scope.Put(SyncKinds.Attempt, attempt, Condition.Absent)],
            cancellation);
        return grants.ConsentPage(connector, state, attempt.Verifier);
    }

    public static string HashOf(string state) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state)));

    private static string SettingsOf(IConnector connector) => connector.Terms.Consent == GoogleServices.Consent
        ? "Sync:GoogleClientId and Sync:RedirectUri"
        : $"Sync:Clients:{connector.Provider}:Id and RedirectUri";
}
