using System.Buffers.Binary;
using System.Collections.Immutable;

namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>
/// A document's index values as one run of bytes, for each index in ordinal order of its name:
/// <code>
///  0        1               1+n      3+n                3+n+v
/// +--------+---------------+--------+------------------+
/// | n: u8  | name (ASCII)  | v: u16 | value (UTF-8)    |   big endian
/// +--------+---------------+--------+------------------+
/// </code>
/// No values: no bytes.
/// </summary>
internal static class IndexBytes
{
    public static byte[] Format(ImmutableDictionary<string, string> values)
    {
        if (values.IsEmpty)
        {
            return [];
        }

        KeyValuePair<string, string>[] ordered = [.. values];
        Array.Sort(ordered, static (one, other) => string.CompareOrdinal(one.Key, other.Key));
        var bytes = new byte[ordered.Sum(static pair => 3 + Length(pair.Key) + Length(pair.Value))];
        var rest = bytes.AsSpan();
        foreach (var (name, value) in ordered)
        {
            var nameBytes = StorageLimits.Utf8.GetBytes(name, rest[1..]);
            rest[0] = checked((byte)nameBytes);
            rest = rest[(1 + nameBytes)..];
            var valueBytes = StorageLimits.Utf8.GetBytes(value, rest[2..]);
            BinaryPrimitives.WriteUInt16BigEndian(rest, checked((ushort)valueBytes));
            rest = rest[(2 + valueBytes)..];
        }

        return bytes;
    }

    /// <exception cref="StorageCorruptException">The bytes are not as drawn.</exception>
    public static ImmutableDictionary<string, string> Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return ImmutableDictionary<string, string>.Empty;
        }

        var values = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        try
        {
            while (!bytes.IsEmpty)
            {
                int name = bytes[0];
                int value = BinaryPrimitives.ReadUInt16BigEndian(bytes[(1 + name)..]);
                values.Add(
                    StorageLimits.Utf8.GetString(bytes.Slice(1, name)),
                    StorageLimits.Utf8.GetString(bytes.Slice(3 + name, value)));
                bytes = bytes[(3 + name + value)..];
            }
        }
        catch (Exception trouble) when (trouble is ArgumentException)
        {
            throw new StorageCorruptException("the index values of a document cannot be read", trouble);
        }

        return values.ToImmutable();
    }

    private static int Length(string text) => StorageLimits.Utf8.GetByteCount(text);
}
