using System.Buffers;
using System.Text;

namespace PracticPro.Storage;

/// <summary>
/// What every driver refuses before it touches anything, so that a program that works on one driver works on all.
/// Breaking a limit is a bug of the caller: it throws, with a fixed text that repeats nothing of what was given.
/// </summary>
internal static class StorageLimits
{
    public const int MaximumIdLength = 200;
    public const int MaximumNameLength = 100;
    public const int MaximumIndexValueBytes = 300;
    public const int MaximumPage = 500;
    public const int MaximumSegments = 4;
    public const int MaximumSegmentLength = 200;

    // A Cosmos item and a Cosmos transactional batch end at 2 MiB of UTF-8 JSON. Bytes travel there as base64
    // (4/3), and keys and index values need room: 1,400 KiB is what fits on every driver.
    public const int MaximumBodyBytes = 1400 * 1024;
    public const int MaximumBatchBytes = MaximumBodyBytes;

    // An Azure queue message ends at 64 KiB of base64.
    public const int MaximumMessageBytes = 48 * 1024;

    /// <summary>Strict: half a surrogate pair is refused, since it has no UTF-8 bytes to be compared by.</summary>
    public static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    // Every key of every batch is looked through: a vector at a time.
    private static readonly SearchValues<char> OfNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private static readonly SearchValues<char> OfIds = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(static symbol => (char)symbol).Except("/\\#?")]);

    public static void Check(Batch batch)
    {
        var total = 0L;
        var seen = new HashSet<DocumentKey>(batch.Operations.Length);
        foreach (var operation in batch.Operations)
        {
            total += operation switch
            {
                Operation.Put put => CheckDocument(put.Document, seen),
                Operation.Delete delete => CheckOnce(delete.Key, seen),
                Operation.Append append => CheckEntry(append),
                Operation.Enqueue enqueue => CheckMessage(enqueue),
                _ => throw new ArgumentException("An operation of no known kind."),
            };
        }

        AtMost(total, MaximumBatchBytes, "A batch");
    }

    public static void Check(IReadOnlyList<IReadOnlyList<Batch>> waves)
    {
        foreach (var batch in waves.SelectMany(static wave => wave))
        {
            Check(batch);
        }
    }

    public static void Check(DocumentKey key)
    {
        CheckName(key.Kind.Name, "kind");
        CheckId(key.Id, "document id");
    }

    /// <summary>As many as a page has.</summary>
    public static void Check(IReadOnlyList<DocumentKey> keys)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keys.Count, MaximumPage);
        foreach (var key in keys)
        {
            Check(key);
        }
    }

    /// <summary>Lower-case words with hyphens, 1–100 characters.</summary>
    public static void CheckName(string? name, string what)
    {
        if (name is not { Length: > 0 and <= MaximumNameLength } || name[0] == '-' || name[^1] == '-'
            || name.Contains("--", StringComparison.Ordinal)
            || name.AsSpan().ContainsAnyExcept(OfNames))
        {
            throw new ArgumentException($"A {what} is lower-case words with hyphens, 1–100 characters.");
        }
    }

    /// <summary>1–200 characters of printable ASCII without <c>/ \ # ?</c>.</summary>
    public static void CheckId(string? id, string what)
    {
        if (id is not { Length: > 0 and <= MaximumIdLength }
            || id.AsSpan().ContainsAnyExcept(OfIds))
        {
            throw new ArgumentException($"A {what} is 1–200 characters of printable ASCII without / \\ # ?.");
        }
    }

    public static void Check(ListQuery query)
    {
        CheckName(query.Kind.Name, "kind");
        CheckPage(query.Limit);
        if (!query.Kind.Indexes.Contains(query.Index))
        {
            throw new ArgumentException("The kind does not declare this index.");
        }

        AtMost(Utf8.GetByteCount(query.Prefix), MaximumIndexValueBytes, "A prefix");
    }

    /// <summary>1–500 documents a page.</summary>
    public static void CheckPage(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaximumPage);
    }

    /// <summary>The parts of a blob's name, checked: none of them leads out of the place it is put under.</summary>
    public static string[] Segments(BlobName name)
    {
        var segments = (name.Text ?? string.Empty).Split('/');
        return segments.Length <= MaximumSegments && segments.All(IsSegment)
            ? segments
            : throw new ArgumentException("A blob name is 1–4 segments of [a-z0-9._-], none of them dots only.");
    }

    private static bool IsSegment(string segment) =>
        segment.Length is > 0 and <= MaximumSegmentLength
        && segment.All(static symbol =>
            char.IsAsciiLetterLower(symbol) || char.IsAsciiDigit(symbol) || symbol is '.' or '_' or '-')
        && segment.Any(static symbol => symbol != '.');

    private static long CheckDocument(Document document, HashSet<DocumentKey> seen)
    {
        CheckOnce(document.Key, seen);
        AtMost(document.Body.Length, MaximumBodyBytes, "A document");
        long size = document.Body.Length;
        foreach (var (index, value) in document.IndexValues)
        {
            if (!document.Key.Kind.Indexes.Contains(index))
            {
                throw new ArgumentException("A value for an index that the kind does not declare.");
            }

            var bytes = Utf8.GetByteCount(value);
            AtMost(bytes, MaximumIndexValueBytes, "An index value");
            size += bytes;
        }

        return size;
    }

    private static long CheckOnce(DocumentKey key, HashSet<DocumentKey> seen)
    {
        Check(key);
        return seen.Add(key) ? 0 : throw new ArgumentException("A batch names a document twice.");
    }

    private static long CheckEntry(Operation.Append append)
    {
        CheckName(append.Log.Text, "log name");
        return append.Entry.Length;
    }

    private static long CheckMessage(Operation.Enqueue enqueue)
    {
        CheckName(enqueue.Queue.Text, "queue name");
        if (enqueue.Message.DeduplicationKey is { } key
            && (key.Length > MaximumIdLength || Utf8.GetByteCount(key) == 0))
        {
            throw new ArgumentException("A deduplication key is 1–200 characters.");
        }

        AtMost(enqueue.Message.Body.Length, MaximumMessageBytes, "A message");
        return enqueue.Message.Body.Length;
    }

    private static void AtMost(long size, int limit, string what)
    {
        if (size > limit)
        {
            throw new TooLargeToStoreException(what, limit);
        }
    }
}
