using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Access;

/// <summary>Finds and ends sessions. A session that has run out is as good as none.</summary>
internal sealed class Sessions(TenantScopes scopes, FleetDirectory fleet, TimeProvider time)
{
    public async Task<Outcome<SignedIn>> FindAsync(TenantId tenant, SecretText token, CancellationToken cancellation)
    {
        if (!await TenantDirectory.HasAsync(fleet, tenant, cancellation))
        {
            return new AccessFailures.NotSignedIn();
        }

        var scope = await scopes.OpenAsync(tenant, cancellation);
        var hash = Session.HashOf(token.Reveal("session look-up"));
        var session = await scope.FindAsync(AccessKinds.Session, hash, cancellation);
        if (session is null || session.Value.ExpiresAt <= time.GetUtcNow())
        {
            return new AccessFailures.NotSignedIn();
        }

        var person = await scope.FindAsync(AccessKinds.Person, session.Value.Person.Text, cancellation);
        return person is null ? new AccessFailures.NotSignedIn() : new SignedIn(tenant, person.Value, session.Value);
    }

    /// <summary>Ends the session on the server: its cookie is worth nothing from now on (AUTH-4).</summary>
    public async Task EndAsync(SignedIn by, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        await scope.CommitAsync(
            new AuditEntry(by.Actor, AuditAct.SessionEnded),
            [scope.Delete(AccessKinds.Session, by.Session.TokenHash, Condition.Any)],
            cancellation);
    }
}
