using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace PracticPro.CosmosDouble.Partitions;

/// <summary>
/// Where a partition key lies on the ring of hashes (version 2 of the partition key definition), exactly where the SDK
/// computes it to lie: clients route by it. Upper-case hexadecimal, 32 digits a component, below <c>40…</c>.
/// <code>
/// hashed bytes of a component:  01 null | 02 false | 03 true | 00 undefined
///                               05 + IEEE 754 double, little-endian | 08 + UTF-8 + FF
/// </code>
/// A single-path key hashes once; a hierarchical key is the concatenation of one hash a component.
/// </summary>
internal static class EffectivePartitionKey
{
    /// <summary>Lower end of the whole ring, inclusive.</summary>
    public const string Lowest = "";

    /// <summary>Upper end of the whole ring, exclusive.</summary>
    public const string Highest = "FF";

    public static string Of(PartitionKeyValue key) => string.Concat(key.Components.Select(component => Hex(Hash(component))));

    /// <summary>A place on the ring as a number below 2^126.</summary>
    public static UInt128 Number(string place) => place switch
    {
        Lowest => 0,
        Highest => UInt128.One << 126,
        _ => UInt128.Parse(place, System.Globalization.NumberStyles.HexNumber, null),
    };

    /// <summary>The same number as a place.</summary>
    public static string Hex(UInt128 number) => number.ToString("X32", null);

    private static UInt128 Hash(JsonElement component)
    {
        // The two highest bits are cleared, so that no place reaches the ring's exclusive end.
        return MurmurHash.Of(Encode(component)) & (UInt128.MaxValue >> 2);
    }

    private static byte[] Encode(JsonElement component)
    {
        switch (component.ValueKind)
        {
            case JsonValueKind.Null:
                return [1];
            case JsonValueKind.False:
                return [2];
            case JsonValueKind.True:
                return [3];
            case JsonValueKind.Number:
                var number = new byte[9];
                number[0] = 5;
                BinaryPrimitives.WriteDoubleLittleEndian(number.AsSpan(1), component.GetDouble());
                return number;
            case JsonValueKind.String:
                return [8, .. Encoding.UTF8.GetBytes(component.GetString()!), 0xFF];
            default:
                return [0];
        }
    }
}
