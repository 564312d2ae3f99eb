using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Kernel;

namespace PracticPro.Backup;

/// <summary>
/// What must be there: for each stream the newest piece and its hash, which leads to all before it. Sealed under the
/// platform's key and replaced at the end of each round, so a backup whose last pieces were taken away does not pass for
/// a whole one. Pieces beyond it may be there: the round that wrote them was cut short.
/// </summary>
/// <param name="At">When it was written, in Unix milliseconds.</param>
internal sealed record BackupHead(long At, ImmutableSortedDictionary<string, BackupHead.Entry> Streams)
{
    public static readonly BackupHead Empty =
        new(0, ImmutableSortedDictionary.Create<string, Entry>(StringComparer.Ordinal));

    /// <summary>Up to which moment a stream can be restored, in Unix milliseconds.</summary>
    public long CoveredOf(string stream) =>
        Streams[stream] is { IsBehind: true } behind ? behind.Covered : Math.Max(Streams[stream].Covered, At);

    /// <summary>Up to which moment every stream can be restored, in Unix milliseconds.</summary>
    public long CoveredUntil() => Streams.Keys.Select(CoveredOf).Append(At).Min();

    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, JsonShapes.Stored);

    public static BackupHead? TryParse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize<BackupHead>(utf8, JsonShapes.Stored);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public BackupHead With(string stream, Func<Entry, Entry> change) =>
        this with { Streams = Streams.SetItem(stream, change(Streams.GetValueOrDefault(stream, Entry.None))) };

    /// <param name="Chain">The newest chain; empty when only blobs are backed up.</param>
    /// <param name="Number">Its newest piece.</param>
    /// <param name="Hash">SHA-256 of that piece.</param>
    /// <param name="Covered">Every commit up to this moment is in the backup.</param>
    /// <param name="IsBehind">False: so is every commit up to the head's own moment.</param>
    /// <param name="BlobsAt">When the blob index that must be there was made; 0 when there is none.</param>
    internal sealed record Entry(string Chain, int Number, string Hash, long Covered, bool IsBehind, long BlobsAt)
    {
        public static readonly Entry None = new(string.Empty, 0, string.Empty, 0, false, 0);
    }
}
