using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PracticPro.Audit;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Sync.Streams.Journal;

/// <summary>
/// Understands every step of a connection's journal again, in order, and holds what comes of it against what was understood
/// then and against what is stored now. Changes nothing.
/// </summary>
internal sealed class ReplayJournal(TenantScope scope, ConnectionId connection, Func<StreamName, IStreamSource> source)
{
    /// <summary>By sort and id; what the last step that touched it left.</summary>
    private readonly SortedDictionary<(string Sort, string Item), Left> items = new(Order.Instance);

    /// <param name="Digest">SHA-256 of its content, which may be too much to keep of every item; null when it is gone.</param>
    private sealed record Left(long Step, StreamName Stream, IMirror Mirror, byte[]? Digest);

    /// <summary>An item that was found stored otherwise than that step left it.</summary>
    private sealed record Suspect((string Sort, string Item) Key, Left Left);

    public async Task<ReplayVerdict> RunAsync(CancellationToken cancellation)
    {
        var roll = await scope.FindAsync(SyncKinds.Roll, connection.Text, cancellation);
        if (roll is null)
        {
            return new ReplayVerdict.Same(0, Hash());
        }

        var number = roll.Value.JournalFrom;
        List<Suspect> suspects = [];
        while (true)
        {
            var (last, unfinished) = await WhereAsync(cancellation);
            for (; number <= last; number++)
            {
                if (await TakeAsync(number, cancellation) is { } differs)
                {
                    return differs;
                }
            }

            // The connection may be kept in step meanwhile. What was found stored otherwise, and no step touched since, is so.
            var between = unfinished is null ? [] : Touched(unfinished);
            if (suspects.Where(one => items[one.Key] == one.Left && !between.Contains(one.Key)).MinBy(static one => one.Left.Step) is { } found)
            {
                return new ReplayVerdict.Differs(found.Left.Stream.Text, found.Left.Step, found.Key.Item, "stored-otherwise");
            }

            suspects = await StoredOtherwiseAsync(between, cancellation);
            if (suspects.Count == 0)
            {
                return new ReplayVerdict.Same(Math.Max(last - roll.Value.JournalFrom + 1, 0), Hash());
            }
        }
    }

    /// <summary>The last step that is whole, and the one behind it, if that was begun.</summary>
    private async Task<(long Last, JournalStep? Unfinished)> WhereAsync(CancellationToken cancellation)
    {
        var cursors = await StreamsOf.CursorsAsync(scope, connection, cancellation);
        var last = cursors.Select(static cursor => cursor.Value.Sequence).DefaultIfEmpty().Max();
        return (last, await SyncJournal.FindAsync(scope, connection, last + 1, Mirror, cancellation));
    }

    private IMirror Mirror(StreamName stream) => source(stream).Mirror;

    private async Task<ReplayVerdict.Differs?> TakeAsync(long number, CancellationToken cancellation)
    {
        JournalStep? step;
        try
        {
            step = await SyncJournal.FindAsync(scope, connection, number, Mirror, cancellation);
        }
        catch (Exception broken) when (broken is JsonException or TamperedRecordException)
        {
            return new ReplayVerdict.Differs("", number, "", "journal-entry-unreadable");
        }

        if (step is null)
        {
            return new ReplayVerdict.Differs("", number, "", "journal-entry-missing");
        }

        var stream = step.Before.Stream;
        var mirror = Mirror(stream);
        if (!StreamProgress.After(source(stream), step.Before, step.Asked, step.Answers, step.Known, step.Heard, step.At)
            .Try(out var advance, out var why))
        {
            return new ReplayVerdict.Differs(stream.Text, number, "", why.Code);
        }

        if (!StepMarks.Of(mirror, advance.Page).Digest.AsSpan().SequenceEqual(step.Marks.Digest))
        {
            return new ReplayVerdict.Differs(
                stream.Text, number, step.Marks.FirstOther(mirror, advance.Page), "understood-otherwise");
        }

        Fold(number, stream, mirror, advance.Page);
        return null;
    }

    private void Fold(long number, StreamName stream, IMirror mirror, StreamPage page)
    {
        foreach (var item in page.Present)
        {
            items[(mirror.Sort, item.SourceId)] =
                new Left(number, item.Stream, mirror, SHA256.HashData(mirror.Canonical(mirror.Settled(scope, item))));
        }

        foreach (var gone in page.Gone)
        {
            // It moved: only the stream that showed it last can say that it is gone.
            var key = (mirror.Sort, gone);
            if (!items.TryGetValue(key, out var left) || left.Digest is null || left.Stream == stream)
            {
                items[key] = new Left(number, stream, mirror, null);
            }
        }
    }

    /// <param name="between">What a step touches that a crash cut short, or that is under way: it may be in either state.</param>
    private async Task<List<Suspect>> StoredOtherwiseAsync(HashSet<(string Sort, string Item)> between, CancellationToken cancellation)
    {
        List<Suspect> suspects = [];
        foreach (var (key, left) in items)
        {
            if (!between.Contains(key) && !await IsStoredAsync(key.Item, left, cancellation))
            {
                suspects.Add(new Suspect(key, left));
            }
        }

        return suspects;
    }

    private HashSet<(string Sort, string Item)> Touched(JournalStep step)
    {
        var stream = step.Before.Stream;
        var mirror = Mirror(stream);
        var reduced = source(stream).Reduce(step.Asked, step.Answers, step.Known);
        return reduced.Try(out var page, out _)
            ? [.. page.Present.Select(static item => item.SourceId).Concat(page.Gone).Select(item => (mirror.Sort, item))]
            : [];
    }

    private async Task<bool> IsStoredAsync(string item, Left left, CancellationToken cancellation)
    {
        MirroredItem? stored;
        try
        {
            stored = await left.Mirror.FindAsync(scope, connection, item, cancellation);
        }
        catch (TamperedRecordException)
        {
            return false;
        }

        return left.Digest is null
            ? stored is null || stored.Stream != left.Stream
            : stored is not null && SHA256.HashData(left.Mirror.Canonical(stored)).AsSpan().SequenceEqual(left.Digest);
    }

    /// <summary>SHA-256 over sort, id and digest of every item touched, in order; gone ones have no digest.</summary>
    private string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var ((sort, item), left) in items)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"{sort}\n{item}\n{left.Digest?.Length ?? -1}\n")));
            hash.AppendData(left.Digest ?? []);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed class Order : IComparer<(string Sort, string Item)>
    {
        public static readonly Order Instance = new();

        public int Compare((string Sort, string Item) x, (string Sort, string Item) y) =>
            string.CompareOrdinal(x.Sort, y.Sort) is not 0 and var sorts ? sorts : string.CompareOrdinal(x.Item, y.Item);
    }
}
