using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Kernel;

namespace PracticPro.Web;

/// <summary>The audit log's endpoints. They stand here because they ask who is signed in, and Access stands on Audit.</summary>
internal static class AuditFunctions
{
    private const string Audit = "/api/v1/audit";

    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Audit, ReadAsync).RequirePermission(Permission.ReadAudit);
        routes.MapGet($"{Audit}/checkpoint", CheckpointAsync).RequirePermission(Permission.ReadAudit);
        // Beyond reading: an export leaves the program with every personal value that is still there.
        routes.MapGet($"{Audit}/export", ExportAsync).RequirePermission(Permission.ExportAudit);
    }

    private static async Task<Outcome<Page<AuditRow>>> ReadAsync(
        SignedIn by, [AsParameters] PageQuery query, ReadAudit read, CancellationToken cancellation) =>
        query.Read().Try(out var paging, out var why)
            ? (await read.RunAsync(by.Tenant, by.Actor, paging.Limit, paging.After, cancellation)).Then(page => page.Select(AuditRow.Of))
            : why;

    private static async Task<IResult> CheckpointAsync(SignedIn by, AuditTrails trails, CancellationToken cancellation)
    {
        var note = await trails.Checkpoints(by.Tenant).ExecuteAsync(cancellation);
        return Results.Text(note.Text, "text/plain; charset=utf-8");
    }

    private static async Task<object> ExportAsync(SignedIn by, ZipAuditLog export, CancellationToken cancellation)
    {
        var outcome = await export.RunAsync(by.Tenant, by.Actor, cancellation);
        return outcome.Try(out var zip, out _) ? Results.Stream(zip, "application/zip", "audit-log.zip") : outcome;
    }

    /// <summary>A leaf as the API shows it. A value that was erased, or does not open, is null.</summary>
    internal sealed record AuditRow(
        long Index,
        DateTimeOffset At,
        string Actor,
        string Act,
        IReadOnlyDictionary<string, string> Subjects,
        IReadOnlyDictionary<string, long> Counts,
        IReadOnlyDictionary<string, string?> Values)
    {
        public static AuditRow Of(AuditRecord record) => new(
            record.Index,
            record.At,
            record.Actor,
            record.Act.Word,
            record.Subjects.ToDictionary(subject => subject.Kind, subject => subject.Reference),
            record.Counts.ToDictionary(count => count.Name, count => count.Value),
            record.Values.ToDictionary(value => value.Name, value => (value.Value as AuditValue.Known)?.Text));
    }
}
