using PracticPro.Audit;
using PracticPro.Kernel;

namespace PracticPro.Access;

/// <summary>Who is signed in and where: what a page or program of theirs needs to know.</summary>
internal sealed class DescribeSession(TenantScopes scopes)
{
    public sealed record Answer(PersonPart Person, PracticePart Practice, string CsrfToken, DateTimeOffset ExpiresAt)
    {
        // It holds the token that proves a request is no forgery.
        public override string ToString() => "***";
    }

    public sealed record PersonPart(PersonId Id, string Name, string Role);

    public sealed record PracticePart(TenantId Tenant, string Name);

    public async Task<Outcome<Answer>> RunAsync(SignedIn by, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        var practice = await scope.FindAsync(AccessKinds.Practice, Practice.Id, cancellation);
        return new Answer(
            new PersonPart(by.Person.Id, by.Person.Name, by.Person.Role),
            new PracticePart(by.Tenant, practice?.Value.Name ?? ""),
            by.Session.CsrfToken,
            by.Session.ExpiresAt);
    }
}
