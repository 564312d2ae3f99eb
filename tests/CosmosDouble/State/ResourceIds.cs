using System.Buffers.Binary;

namespace PracticPro.CosmosDouble.State;

/// <summary>
/// The service's own ids (<c>_rid</c>), which the SDK takes apart: base64 with <c>-</c> for <c>/</c> over
/// <code>
/// database   4 bytes
/// container  database (4) | 4 bytes, big-endian, highest bit set
/// user       database (4) | 4 bytes, big-endian, highest bit clear
/// item       container (8) | 8 bytes, little-endian, highest byte 00
/// range      container (8) | 8 bytes, little-endian, highest byte 50
/// permission user (8) | 8 bytes, little-endian
/// </code>
/// </summary>
internal static class ResourceIds
{
    private const uint ContainerBit = 0x8000_0000;
    private const long RangeKind = 0x50L << 56;

    public static string Database(uint number) => Text(BigEndian(0x4A00_0000 | (number << 8)));

    public static string Container(string database, uint number) => Text([.. Bytes(database), .. BigEndian(ContainerBit | number)]);

    public static string User(string database, uint number) => Text([.. Bytes(database), .. BigEndian(number)]);

    public static string Item(string container, long number) => Text([.. Bytes(container), .. LittleEndian(number)]);

    public static string Range(string container, long number) => Text([.. Bytes(container), .. LittleEndian(RangeKind | number)]);

    public static string Permission(string user, long number) => Text([.. Bytes(user), .. LittleEndian(number)]);

    /// <summary>The number that an item's id was made of.</summary>
    public static long NumberOfItem(string item) => BinaryPrimitives.ReadInt64LittleEndian(Bytes(item).AsSpan(8));

    private static byte[] BigEndian(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] LittleEndian(long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return bytes;
    }

    private static string Text(byte[] bytes) => Convert.ToBase64String(bytes).Replace('/', '-');

    private static byte[] Bytes(string text) => Convert.FromBase64String(text.Replace('-', '/'));
}
