using System.IO.Compression;
using Microsoft.Win32.SafeHandles;
using PracticPro.Storage.Drivers;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Storage.Drivers.Sqlite.Shipping;

namespace PracticPro.Backup.Drivers.Embedded;

/// <summary>
/// A database file in the making: a base, and then the pages of transactions, each whole. What SQLite's checkpoint does
/// with a log, done from its copies.
/// </summary>
internal sealed class ReplayedFile : IDisposable
{
    private const int MarkAt = 68;
    private readonly SafeFileHandle file;

    private ReplayedFile(SafeFileHandle file) => this.file = file;

    /// <summary>Moment of the last transaction that was replayed, in Unix milliseconds; 0 when none was.</summary>
    public long LastCommit { get; private set; }

    /// <summary>Makes the file from the content of a base.</summary>
    public static ReplayedFile Begin(string path, Stream content)
    {
        using (var made = new FileStream(path, DataFolder.NewFile()))
        {
            using var packed = new ZLibStream(content, CompressionMode.Decompress, leaveOpen: true);
            packed.CopyTo(made);
        }

        // To the end of the piece, where it shows that nothing was cut.
        while (content.ReadByte() != -1)
        {
        }

        return new ReplayedFile(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite));
    }

    /// <summary>Replays transactions up to a moment. False when a later one was met.</summary>
    public bool Replay(LogPiece piece, long until)
    {
        var step = WalFormat.FrameHeaderBytes + piece.PageBytes;
        var at = 0;
        foreach (var commit in piece.Commits)
        {
            if (commit.At > until)
            {
                return false;
            }

            for (var end = (int)(commit.Frame - piece.Start.Frame) * step; at < end; at += step)
            {
                var frame = piece.Frames.AsSpan(at, step);
                RandomAccess.Write(
                    file, frame[WalFormat.FrameHeaderBytes..], (WalFormat.PageNumber(frame) - 1L) * piece.PageBytes);
            }

            RandomAccess.SetLength(file, commit.Pages * (long)piece.PageBytes);
            LastCommit = commit.At;
        }

        return true;
    }

    /// <summary>
    /// Ends it: marked as restored, so that a store refuses it until it is released, and synced.
    /// </summary>
    public void End(FileLayout layout)
    {
        Span<byte> mark = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(mark, layout.RestoredMark);
        RandomAccess.Write(file, mark, MarkAt);
        RandomAccess.FlushToDisk(file);
    }

    public void Dispose() => file.Dispose();
}
