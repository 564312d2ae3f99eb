using System.Text.Json.Serialization;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Access;

/// <summary>
/// Signs a person in with name and password. An unknown name takes as long and says the same as a wrong password.
/// Old hashes are written anew when they are next used (AUTH-2).
/// </summary>
internal sealed class SignIn(TenantScopes scopes, FleetDirectory fleet, TimeProvider time)
{
    // Hash of nothing anybody knows: makes an unknown name cost what a known one costs.
    private static readonly string DecoyHash = PasswordHash.Of(new SecretText(Session.NewToken()));

    /// <param name="Token">For the cookie; only its hash is kept here.</param>
    [JsonConverter(typeof(NeverJson<Result>))]
    public sealed record Result(TenantId Tenant, SecretText Token, Session Session);

    public async Task<Outcome<Result>> RunAsync(string? signInName, SecretText password, CancellationToken cancellation)
    {
        if (!EmailAddress.TryParse(signInName, out var address)
            || await SignInDirectory.FindAsync(fleet, address, cancellation) is not { } entry)
        {
            PasswordHash.Check(DecoyHash, password);
            return new AccessFailures.WrongNameOrPassword();
        }

        var scope = await scopes.OpenAsync(entry.Tenant, cancellation);
        var person = await scope.FindAsync(AccessKinds.Person, entry.Reference, cancellation);
        var verdict = PasswordHash.Check(person?.Value.PasswordHash ?? DecoyHash, password);
        if (person is null || verdict == PasswordVerdict.Wrong)
        {
            await scope.CommitAsync(
                new AuditEntry(new Actor.Job("sign-in"), AuditAct.SignInFailed).On("person", entry.Reference), [], cancellation);
            return new AccessFailures.WrongNameOrPassword();
        }

        return await OpenSessionAsync(scope, person, verdict, password, cancellation);
    }

    private async Task<Outcome<Result>> OpenSessionAsync(
        TenantScope scope,
        Stored<Person> person,
        PasswordVerdict verdict,
        SecretText password,
        CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var token = Session.NewToken();
        var session = new Session(
            Session.HashOf(token), person.Value.Id, now, now + Session.Lifetime, CsrfToken: Session.NewToken());
        var operations = new List<Operation> { scope.Put(AccessKinds.Session, session, Condition.Absent) };
        if (verdict == PasswordVerdict.RightButOld)
        {
            var renewed = person.Value with { PasswordHash = PasswordHash.Of(password) };
            operations.Add(scope.Put(AccessKinds.Person, renewed, Condition.Is(person.Version)));
        }

        var outcome = await scope.CommitAsync(
            new AuditEntry(new Actor.Person(person.Value.Id), AuditAct.PersonSignedIn), operations, cancellation);
        return outcome is CommitOutcome.Committed
            ? new Result(scope.Tenant, new SecretText(token), session)
            : new AccessFailures.WrongNameOrPassword();
    }
}
