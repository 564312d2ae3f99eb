using System.Security.Cryptography;
using System.Text;
using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Gmail;

namespace PracticPro.Sync.Connections;

/// <summary>
/// The first half of connecting a mailbox: makes a state and a PKCE verifier, keeps them for ten minutes, and says which
/// page the browser goes to.
/// </summary>
internal sealed class StartConnection(TenantScopes scopes, GoogleGrants grants, TimeProvider time)
{
    public async Task<Outcome<Uri>> RunAsync(SignedIn by, CancellationToken cancellation)
    {
        if (!grants.IsSetUp)
        {
            return new SyncFailures.NotSetUp();
        }

        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        var state = Session.NewToken();
        var attempt = new ConnectAttempt(
            HashOf(state),
            Verifier: Session.NewToken(),
            by.Session.TokenHash,
            by.Person.Id,
            time.GetUtcNow() + ConnectAttempt.Lifetime);
        await scope.CommitAsync(
            new AuditEntry(by.Actor, AuditAct.ConnectionStarted),
            [scope.Put(SyncKinds.Attempt, attempt, Condition.Absent)],
            cancellation);
        return grants.ConsentPage(state, attempt.Verifier);
    }

    public static string HashOf(string state) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state)));
}
