using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Access;

/// <summary>Opens a practice: a tenant with keys of its own, and its first owner.</summary>
internal sealed class CreatePractice(TenantScopes scopes, IFleet fleet, PlatformKeys platform, TimeProvider time)
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

        var tenant = TenantId.New(time);
        var owner = PersonId.New(time);
        if (!await fleet.ClaimAsync(SignInDirectory.KeyOf(platform, signInName), new FleetEntry(tenant, owner.Text), cancellation))
        {
            return new AccessFailures.SignInTaken();
        }

        await TenantDirectory.EnterAsync(fleet, platform, tenant, cancellation);
        var now = time.GetUtcNow();
        var hash = PasswordHash.Of(order.Password);
        var scope = await scopes.OpenAsync(tenant, cancellation);
        await scope.CommitAsync(
            new AuditEntry(new Actor.Person(owner), AuditAct.PracticeCreated).On("person", owner.Text),
            [
                scope.Put(AccessKinds.Practice, new Practice(order.PracticeName, order.Profile, now), Condition.Absent),
                scope.Put(AccessKinds.Person, new Person(owner, signInName, order.OwnerName, hash, Roles.Owner, now), Condition.Absent),
            ],
            cancellation);
        return tenant;
    }
}
