using PracticPro.Benchmarks.Audit;
using PracticPro.Benchmarks.Durable;
using PracticPro.Benchmarks.Hosting;
using PracticPro.Benchmarks.Sync;
using PracticPro.Benchmarks.Vault;

namespace PracticPro.Benchmarks;

/// <summary>The table's rows. Rows that are measured together are measured once, when the first of them is asked for.</summary>
internal static class AllRows
{
    private static readonly Lazy<IReadOnlyList<SealOpenFigure>> SealOpen = new(SealOpenRow.Measure);
    private static readonly Lazy<IReadOnlyList<AuditFigure>> Audit = new(AuditRow.Measure);

    public static IReadOnlyList<BenchRow> All { get; } =
    [
        ColdStartRow.Row,
        ColdStartRow.PublishedRow,
        BackfillRow.Row,
        QuotaRow.Row,
        WebhookRow.Row,
        WebhookRow.Late,
        DurableRow.Sequence,
        DurableRow.FanOut,
        DurableRow.Events,
        DurableRow.Served,
        Sealing("seal-open-1k", 0.4),
        Sealing("seal-open-64k", 0.9),
        SealedStreamRow.Row,
        ResealRow.Row,
        UnwrapsRow.Row,
        Logging("audit-append", "leaves/s", "SHA-256 and one SQLite insert", 0.5),
        Logging("audit-append-16", "leaves/s", "SHA-256 and one SQLite insert", 0.5),
        Logging("audit-verify", "leaves/s", "200,000 a second", 1),
    ];

    private static BenchRow Sealing(string name, double atLeast) => new(
        name, "seals and opens/s", "the platform's AES-GCM", atLeast,
        _ => Task.FromResult(Of(SealOpen.Value.Single(figure => figure.Row == name))));

    private static BenchRow Logging(string name, string unit, string baseline, double atLeast) => new(
        name, unit, baseline, atLeast,
        _ => Task.FromResult(Of(Audit.Value.Single(figure => figure.Row == name))));

    // Their figures are microseconds and their ratio the median of the rounds' own, which is kept.
    private static BenchResult Of(SealOpenFigure figure) =>
        new(figure.Ratio * 1_000_000 / figure.Baseline, 1_000_000 / figure.Baseline);

    private static BenchResult Of(AuditFigure figure) => new(figure.Ours, figure.Ours / figure.Ratio);
}
