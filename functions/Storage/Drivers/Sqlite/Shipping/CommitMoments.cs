using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace PracticPro.Storage.Drivers.Sqlite.Shipping;

/// <summary>
/// When each transaction in a log became durable, in a file beside it (<c>-moments</c>): SQLite keeps no times. Written
/// without waiting for the disk, so it survives a killed program and may miss a second before a power cut; what it does
/// not know gets the time the log was last written.
/// <code>
///  0        4         8             16
///  | salt 2 | frame   | moment (ms) |      big endian, one a transaction
/// </code>
/// </summary>
internal sealed class CommitMoments(string path) : IDisposable
{
    private const int EntryBytes = 16;
    private SafeFileHandle? file;
    private long length;

    /// <summary>Frame → moment of the log with that salt.</summary>
    public Dictionary<uint, long> Read(uint salt2)
    {
        var known = new Dictionary<uint, long>();
        var bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        for (var at = 0; at + EntryBytes <= bytes.Length; at += EntryBytes)
        {
            var entry = bytes.AsSpan(at, EntryBytes);
            if (BinaryPrimitives.ReadUInt32BigEndian(entry) == salt2)
            {
                known[BinaryPrimitives.ReadUInt32BigEndian(entry[4..])] = BinaryPrimitives.ReadInt64BigEndian(entry[8..]);
            }
        }

        length = bytes.Length / EntryBytes * EntryBytes;
        return known;
    }

    /// <summary>Best effort: a moment that cannot be noted costs exactness after a crash, and no commit.</summary>
    public void Note(uint salt2, uint frame, long moment)
    {
        Span<byte> entry = stackalloc byte[EntryBytes];
        BinaryPrimitives.WriteUInt32BigEndian(entry, salt2);
        BinaryPrimitives.WriteUInt32BigEndian(entry[4..], frame);
        BinaryPrimitives.WriteInt64BigEndian(entry[8..], moment);
        try
        {
            RandomAccess.Write(Opened(), entry, length);
            length += EntryBytes;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            // See above.
        }
    }

    public void Clear()
    {
        try
        {
            RandomAccess.SetLength(Opened(), 0);
            length = 0;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            // Entries of another salt are passed over.
        }
    }

    public void Dispose() => file?.Dispose();

    private SafeFileHandle Opened()
    {
        if (file is null)
        {
            if (!File.Exists(path))
            {
                new FileStream(path, DataFolder.NewFile()).Dispose();
            }

            file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        }

        return file;
    }
}
