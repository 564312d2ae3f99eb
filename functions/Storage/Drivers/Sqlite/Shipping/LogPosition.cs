using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace PracticPro.Storage.Drivers.Sqlite.Shipping;

/// <summary>
/// A place in the life of a write-ahead log, just behind a frame. The two salts name the log between two emptyings; the
/// running checksum covers every frame up to here, so that two histories of one length do not share a position. Frame 0
/// is the beginning, with the checksum of the log's header.
/// </summary>
internal readonly record struct LogPosition(uint Salt1, uint Salt2, uint Frame, uint Sum1, uint Sum2)
{
    /// <summary>A place no log was ever at.</summary>
    public static LogPosition Made()
    {
        var random = RandomNumberGenerator.GetBytes(8).AsSpan();
        return new LogPosition(
            BinaryPrimitives.ReadUInt32BigEndian(random), BinaryPrimitives.ReadUInt32BigEndian(random[4..]), 0, 0, 0);
    }

    public bool IsInLogOf(LogPosition other) => Salt1 == other.Salt1 && Salt2 == other.Salt2;

    /// <summary>Five numbers in hexadecimal, joined by dots.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Salt1:x8}.{Salt2:x8}.{Frame:x8}.{Sum1:x8}.{Sum2:x8}");

    public static LogPosition? TryParse(string? text)
    {
        var parts = text?.Trim().Split('.') ?? [];
        var numbers = new uint[5];
        for (var at = 0; at < numbers.Length; at++)
        {
            if (parts.Length != numbers.Length
                || !uint.TryParse(parts[at], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out numbers[at]))
            {
                return null;
            }
        }

        return new LogPosition(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
    }
}

/// <summary>When a transaction became durable, and its last frame.</summary>
/// <param name="At">Unix milliseconds; never goes back within a file.</param>
/// <param name="Frame">Its last frame, counted from 1 in the log it stands in.</param>
/// <param name="Pages">Pages the file has after it.</param>
internal readonly record struct LogCommit(long At, uint Frame, uint Pages);

/// <summary>Frames of a log that follow a position, whole transactions only.</summary>
/// <param name="Start">Where the frames' own log begins or <paramref name="From"/> itself: what their checksums go on from.</param>
/// <param name="From">The position they follow in the file's history.</param>
/// <param name="BigEndianSums">How the log's checksums read its words.</param>
/// <param name="Frames">Frame headers and pages, as they stand in the log.</param>
internal sealed record LogPiece(
    LogPosition From,
    LogPosition Start,
    LogPosition To,
    bool BigEndianSums,
    int PageBytes,
    byte[] Frames,
    IReadOnlyList<LogCommit> Commits);
