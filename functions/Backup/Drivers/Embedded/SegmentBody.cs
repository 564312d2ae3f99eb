using System.Buffers.Binary;
using System.IO.Compression;
using PracticPro.Storage.Drivers.Sqlite.Shipping;

namespace PracticPro.Backup.Drivers.Embedded;

/// <summary>
/// The content of a segment: whole transactions, as they stood in the write-ahead log. Numbers are big-endian.
/// <code>
///  0         4            5             9                   29      33
///  +---------+------------+-------------+-------------------+-------+-----------------------+----------------+
///  | length  | sums big   | page bytes  | start: salt 1, 2, | c     | c × moment (8),       | zlib of frames |
///  | frames  | endian 0/1 |             | frame, sum 1, 2   |       |     frame, pages      |                |
///  +---------+------------+-------------+-------------------+-------+-----------------------+----------------+
/// </code>
/// A frame is 24 bytes of header and a page (<see cref="WalFormat"/>).
/// </summary>
internal static class SegmentBody
{
    private const int FixedBytes = 33;
    private const int CommitBytes = 16;

    public static void Write(Stream content, LogPiece piece)
    {
        var front = new byte[FixedBytes + (piece.Commits.Count * CommitBytes)];
        BinaryPrimitives.WriteInt32BigEndian(front, piece.Frames.Length);
        front[4] = piece.BigEndianSums ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(front.AsSpan(5), piece.PageBytes);
        uint[] start = [piece.Start.Salt1, piece.Start.Salt2, piece.Start.Frame, piece.Start.Sum1, piece.Start.Sum2];
        for (var at = 0; at < start.Length; at++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(front.AsSpan(9 + (at * 4)), start[at]);
        }

        BinaryPrimitives.WriteInt32BigEndian(front.AsSpan(29), piece.Commits.Count);
        for (var at = 0; at < piece.Commits.Count; at++)
        {
            var entry = front.AsSpan(FixedBytes + (at * CommitBytes));
            BinaryPrimitives.WriteInt64BigEndian(entry, piece.Commits[at].At);
            BinaryPrimitives.WriteUInt32BigEndian(entry[8..], piece.Commits[at].Frame);
            BinaryPrimitives.WriteUInt32BigEndian(entry[12..], piece.Commits[at].Pages);
        }

        content.Write(front);
        using var packed = new ZLibStream(content, CompressionLevel.Fastest, leaveOpen: true);
        packed.Write(piece.Frames);
    }

    /// <summary>Null when the content is not as drawn, or its frames do not follow each other.</summary>
    public static LogPiece? TryRead(Stream content, LogPosition from, LogPosition to)
    {
        var front = new byte[FixedBytes];
        content.ReadExactly(front);
        var frameBytes = BinaryPrimitives.ReadInt32BigEndian(front);
        var pageBytes = BinaryPrimitives.ReadInt32BigEndian(front.AsSpan(5));
        var count = BinaryPrimitives.ReadInt32BigEndian(front.AsSpan(29));
        if (frameBytes <= 0 || pageBytes is < 512 or > 65536 || count <= 0 || count > frameBytes)
        {
            return null;
        }

        var list = new byte[count * CommitBytes];
        content.ReadExactly(list);
        var commits = Enumerable.Range(0, count).Select(at => Commit(list.AsSpan(at * CommitBytes))).ToList();
        var frames = new byte[frameBytes];
        using (var packed = new ZLibStream(content, CompressionMode.Decompress, leaveOpen: true))
        {
            packed.ReadExactly(frames);
            if (packed.ReadByte() != -1)
            {
                return null;
            }
        }

        // To the end, where the piece's last run shows that nothing was cut.
        if (content.ReadByte() != -1)
        {
            return null;
        }

        var start = Position(front.AsSpan(9));
        var piece = new LogPiece(from, start, to, front[4] == 1, pageBytes, frames, commits);
        return (start == from || start.Frame == 0) && Leads(piece) ? piece : null;
    }

    // The log's own checksums once more: every frame follows the one before, from the start to the end that is named.
    private static bool Leads(LogPiece piece)
    {
        var (at, step, commit) = (piece.Start, WalFormat.FrameHeaderBytes + piece.PageBytes, 0);
        if (piece.Frames.Length % step != 0)
        {
            return false;
        }

        for (var start = 0; start < piece.Frames.Length; start += step)
        {
            if (WalFormat.Follow(at, piece.BigEndianSums, piece.Frames.AsSpan(start, step)) is not var (after, pages))
            {
                return false;
            }

            at = after;
            if (pages > 0
                && (commit == piece.Commits.Count || (piece.Commits[commit].Frame, piece.Commits[commit++].Pages) != (at.Frame, pages)))
            {
                return false;
            }
        }

        return at == piece.To && commit == piece.Commits.Count;
    }

    private static LogCommit Commit(ReadOnlySpan<byte> entry) => new(
        BinaryPrimitives.ReadInt64BigEndian(entry),
        BinaryPrimitives.ReadUInt32BigEndian(entry[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(entry[12..]));

    private static LogPosition Position(ReadOnlySpan<byte> words) => new(
        BinaryPrimitives.ReadUInt32BigEndian(words),
        BinaryPrimitives.ReadUInt32BigEndian(words[4..]),
        BinaryPrimitives.ReadUInt32BigEndian(words[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(words[12..]),
        BinaryPrimitives.ReadUInt32BigEndian(words[16..]));
}
