using System.Globalization;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Streams.Journal;

/// <summary>
/// One step as the journal keeps it, or a part of one: see <see cref="JournalStep"/>. Steps are numbered over all streams of a
/// connection, from 1 and without a gap. A step is in the journal when its part 0 is, which is written last.
/// </summary>
/// <param name="Part">From 0.</param>
/// <param name="Parts">How many parts the step has.</param>
/// <param name="At">When the step was taken.</param>
/// <param name="Packed">A part of <see cref="JournalStep.Pack"/>.</param>
internal sealed record JournalEntry(
    ConnectionId Connection, long Sequence, int Part, int Parts, StreamName Stream, DateTimeOffset At, byte[] Packed)
{
    public const string ByAge = "by-age";

    /// <summary>Bytes of a part. As base64 in sealed JSON that leaves a batch of the store room for a part of the page.</summary>
    public const int MostBytes = 256 * 1024;

    public static string IdOf(ConnectionId connection, long sequence, int part) =>
        string.Create(CultureInfo.InvariantCulture, $"{connection}.{sequence:D12}.{part:D3}");
}
