using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Sync.Streams.Coverage;

/// <summary>What time of a connection is proven covered, and where the holes are: holes are data, not silence.</summary>
internal sealed class CoverageFacts(TenantScopes scopes)
{
    /// <summary>Every stream of the connection of which something was proven once, by name.</summary>
    public async Task<Outcome<ImmutableArray<StreamCoverage>>> OfAsync(
        TenantId tenant, ConnectionId connection, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        if (await scope.FindAsync(SyncKinds.Connection, connection.Text, cancellation) is null)
        {
            return new SyncFailures.NoSuchConnection();
        }

        var found = ImmutableArray.CreateBuilder<StreamCoverage>();
        foreach (var some in (await StreamsOf.CursorsAsync(scope, connection, cancellation)).Chunk(StorageLimits.MaximumPage))
        {
            var cursors = some.ToDictionary(cursor => MirrorKey.Of(connection, cursor.Value.Stream), StringComparer.Ordinal);
            foreach (var (id, ledger) in await scope.FindManyAsync(SyncKinds.Coverage, cursors.Keys, cancellation))
            {
                found.Add(Told(ledger.Value, cursors[id].Value.IsFollowed));
            }
        }

        return found.OrderBy(static one => one.Stream, StringComparer.Ordinal).ToImmutableArray();
    }

    private static StreamCoverage Told(CoverageLedger ledger, bool isFollowed) => new(
        ledger.Stream.Text,
        [
            .. ledger.Spans.Select(static span => new StreamCoverage.Span(
                span.From, span.Until, span.Run.Point, span.UntilPoint, span.Run.Steps, span.Run.Answers, span.Run.Items)),
        ],
        [
            .. ledger.Holes.Select(static hole => new StreamCoverage.Hole(
                hole.From,
                hole.Until,
                hole.Because,
                hole.OpenedAt,
                hole.ClosedAt,
                hole.Closing is { } closing ? IndexText.State(closing) : null)),
        ],
        ledger.Forgotten,
        isFollowed);
}

/// <summary>Of one stream: intervals that are proven covered, and holes.</summary>
/// <param name="Stream">A word, with the provider's own id behind a dot where there are several.</param>
/// <param name="Forgotten">Older intervals and holes that are no longer kept.</param>
/// <param name="IsFollowed">False of one that the provider no longer has.</param>
internal sealed record StreamCoverage(
    string Stream,
    ImmutableArray<StreamCoverage.Span> Covered,
    ImmutableArray<StreamCoverage.Hole> Holes,
    long Forgotten,
    bool IsFollowed)
{
    /// <param name="FromPoint">Hash of the provider's point it began at; empty where it began without one.</param>
    /// <param name="AnswersDigest">SHA-256 chain over what the provider answered.</param>
    /// <param name="ItemsDigest">SHA-256 chain over what was understood from it.</param>
    internal sealed record Span(
        DateTimeOffset From,
        DateTimeOffset Until,
        string FromPoint,
        string UntilPoint,
        long Steps,
        string AnswersDigest,
        string ItemsDigest);

    /// <param name="Because">Code of what opened it.</param>
    /// <param name="Until">Null while it is open.</param>
    /// <param name="ClosedBy"><c>followed</c>, <c>read-anew</c> or <c>vanished</c>; null while it is open.</param>
    internal sealed record Hole(
        DateTimeOffset From, DateTimeOffset? Until, string Because, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? ClosedBy);
}
