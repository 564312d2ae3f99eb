using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Kernel;

namespace PracticPro.Web;

/// <summary>Names that pages show for ids.</summary>
internal static class PracticeNames
{
    public static async Task<string> OfPracticeAsync(TenantScope scope, CancellationToken cancellation) =>
        (await scope.FindAsync(AccessKinds.Practice, Practice.Id, cancellation))?.Value.Name ?? "";

    /// <summary>The person's name; "you" for the reader, and plain words for somebody who is gone or for a job.</summary>
    public static async Task<string> OfActorAsync(TenantScope scope, SignedIn reader, string label, CancellationToken cancellation)
    {
        if (!PersonId.TryParse(label, out var person))
        {
            return Words.Job(label);
        }

        return person == reader.Person.Id
            ? "You"
            : (await scope.FindAsync(AccessKinds.Person, label, cancellation))?.Value.Name ?? "Somebody who has left";
    }
}
