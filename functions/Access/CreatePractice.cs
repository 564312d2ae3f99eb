using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Access;

/// <summary>Opens a practice: a tenant with keys of its own, and its first owner.</summary>
internal sealed class CreatePractice(TenantScopes scopes, FleetDirectory fleet, TimeProvider time)
{
    private const int ShortestPassword = 12;

    /// <param name="Profile">The product bought; see the promise register.</param>
    public sealed record Order(string PracticeName, string Profile, string OwnerName, string SignInName, SecretText Password);

    public async Task<Outcome<TenantId>> RunAsync(Order order, CancellationToken cancellation)
    {
        if (!EmailAddress.TryParse(order.SignInName, out var signInName))
        {
            return new AccessFailures.BadSignInName();
        }

        if (order.Password.Reveal("length check").Length < ShortestPassword)
        {
            return new AccessFailures.WeakPassword();
        }

        // A claim that a crash left without a practice is found again and used: no name is lost to it.
        var claim = await SignInDirectory.FindAsync(fleet, signInName, cancellation)
            ?? new FleetEntry(TenantId.New(time), PersonId.New(time).Text);
        if (!await SignInDirectory.ClaimAsync(fleet, signInName, claim, cancellation))
        {
            return new AccessFailures.SignInTaken();
        }

        var (tenant, owner) = (claim.Tenant, PersonId.Parse(claim.Reference));
        await TenantDirectory.EnterAsync(fleet, tenant, cancellation);
        var now = time.GetUtcNow();
        var hash = PasswordHash.Of(order.Password);
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var outcome = await scope.CommitAsync(
            new AuditEntry(new Actor.Person(owner), AuditAct.PracticeCreated).On("person", owner.Text),
            [
                scope.Put(AccessKinds.Practice, new Practice(order.PracticeName, order.Profile, now), Condition.Absent),
                scope.Put(AccessKinds.Person, new Person(owner, signInName, order.OwnerName, hash, Roles.Owner, now), Condition.Absent),
            ],
            cancellation);

        // Lost: there is a practice behind the name already.
        return outcome is CommitOutcome.Committed ? tenant : new AccessFailures.SignInTaken();
    }
}
