using System.Globalization;
using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Web.Pages;

namespace PracticPro.Web;

/// <summary>The audit log for people: who did what, in plain words.</summary>
internal sealed class ShowAudit(ReadAudit read, TenantScopes scopes)
{
    private const int EntriesAPage = 50;

    public async Task<object> RunAsync(SignedIn by, string? cursor, CancellationToken cancellation)
    {
        var query = new PageQuery { Cursor = cursor }.Read();
        if (!query.Try(out var paging, out var bad))
        {
            return new Outcome<Done>(bad);
        }

        var outcome = await read.RunAsync(by.Tenant, by.Actor, EntriesAPage, paging.After, cancellation);
        if (!outcome.Try(out var page, out _))
        {
            return outcome;
        }

        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in page.Items.Select(record => record.Actor).Distinct())
        {
            names[label] = await PracticeNames.OfActorAsync(scope, by, label, cancellation);
        }

        var frame = await Frame.OfAsync(scope, by, "Audit log", "audit", cancellation);
        return new PageAnswer<AuditPage>(new AuditView(
            frame,
            [.. page.Items.Select(record => Entry(record, names[record.Actor]))],
            page.Next is { } next ? $"/audit?cursor={next}" : null,
            by.May(Permission.ExportAudit)));
    }

    private static EntryView Entry(AuditRecord record, string who) => new(
        record.Index,
        record.At,
        who,
        Words.Of(record.Act),
        record.Act.Word,
        [
            .. record.Subjects.Select(subject => $"{subject.Kind}: {subject.Reference}"),
            .. record.Counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Name}: {count.Value}")),
            .. record.Values.Select(value => $"{value.Name}: {Shown(value.Value)}"),
        ]);

    private static string Shown(AuditValue value) => value switch
    {
        AuditValue.Known known => known.Text,
        AuditValue.Erased => "(erased)",
        _ => "(cannot be read; look into the store)",
    };
}
