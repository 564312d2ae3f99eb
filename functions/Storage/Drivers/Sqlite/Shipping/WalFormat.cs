using System.Buffers.Binary;

namespace PracticPro.Storage.Drivers.Sqlite.Shipping;

/// <summary>
/// The bytes of SQLite's write-ahead log. Source: https://sqlite.org/walformat.html, sections 2.1–2.3.
/// <code>
///  header, 32 bytes:  magic | version | page size | sequence | salt 1 | salt 2 | sum 1 | sum 2      4 each, big endian
///  frame,  24 bytes:  page number | pages after commit, or 0 | salt 1 | salt 2 | sum 1 | sum 2       and then the page
/// </code>
/// The sums run on from the header over every frame; the last bit of the magic says in which order they read words.
/// </summary>
internal static class WalFormat
{
    public const int HeaderBytes = 32;
    public const int FrameHeaderBytes = 24;
    private const uint Magic = 0x377f0682;
    private const uint Version = 3007000;

    public static WalHeader? TryReadHeader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || (Word(bytes, 0) & ~1u) != Magic || Word(bytes, 4) != Version)
        {
            return null;
        }

        var bigEndian = (Word(bytes, 0) & 1) == 1;
        var (sum1, sum2) = Sum(bytes[..24], bigEndian, 0, 0);
        var pageBytes = (int)Word(bytes, 8);
        return sum1 == Word(bytes, 24) && sum2 == Word(bytes, 28) && pageBytes is >= 512 and <= 65536
            ? new WalHeader(new LogPosition(Word(bytes, 16), Word(bytes, 20), 0, sum1, sum2), bigEndian, pageBytes)
            : null;
    }

    /// <summary>
    /// The position behind a frame, and the pages of the file if it ends a transaction (else 0); null when the frame does
    /// not follow: another log's, an earlier history's, or cut.
    /// </summary>
    public static (LogPosition After, uint CommitPages)? Follow(LogPosition at, bool bigEndian, ReadOnlySpan<byte> frame)
    {
        if (Word(frame, 8) != at.Salt1 || Word(frame, 12) != at.Salt2)
        {
            return null;
        }

        var (sum1, sum2) = Sum(frame[..8], bigEndian, at.Sum1, at.Sum2);
        (sum1, sum2) = Sum(frame[FrameHeaderBytes..], bigEndian, sum1, sum2);
        return Word(frame, 0) != 0 && sum1 == Word(frame, 16) && sum2 == Word(frame, 20)
            ? (at with { Frame = at.Frame + 1, Sum1 = sum1, Sum2 = sum2 }, Word(frame, 4))
            : null;
    }

    public static uint PageNumber(ReadOnlySpan<byte> frame) => Word(frame, 0);

    private static (uint Sum1, uint Sum2) Sum(ReadOnlySpan<byte> bytes, bool bigEndian, uint sum1, uint sum2)
    {
        unchecked
        {
            for (var at = 0; at < bytes.Length; at += 8)
            {
                var (first, second) = bigEndian
                    ? (Word(bytes, at), Word(bytes, at + 4))
                    : (BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]));
                sum1 += first + sum2;
                sum2 += second + sum1;
            }
        }

        return (sum1, sum2);
    }

    private static uint Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
}

/// <param name="Start">The position before the first frame.</param>
internal sealed record WalHeader(LogPosition Start, bool BigEndianSums, int PageBytes)
{
    public int FrameBytes => WalFormat.FrameHeaderBytes + PageBytes;

    public long OffsetOf(uint frame) => WalFormat.HeaderBytes + ((frame - 1L) * FrameBytes);
}
