using System.Buffers.Binary;
using System.Numerics;

namespace PracticPro.CosmosDouble.Partitions;

/// <summary>MurmurHash3, x64 variant of 128 bits, seed zero. Source: Austin Appleby's public-domain MurmurHash3.cpp.</summary>
internal static class MurmurHash
{
    private const ulong First = 0x87c37b91114253d5;
    private const ulong Second = 0x4cf5ad432745937f;

    public static UInt128 Of(ReadOnlySpan<byte> bytes)
    {
        unchecked
        {
            ulong high = 0, low = 0;
            var rest = bytes;
            while (rest.Length >= 16)
            {
                low ^= MixFirst(BinaryPrimitives.ReadUInt64LittleEndian(rest));
                low = ((BitOperations.RotateLeft(low, 27) + high) * 5) + 0x52dce729;
                high ^= MixSecond(BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]));
                high = ((BitOperations.RotateLeft(high, 31) + low) * 5) + 0x38495ab5;
                rest = rest[16..];
            }

            Span<byte> tail = stackalloc byte[16];
            rest.CopyTo(tail);
            if (rest.Length > 8)
            {
                high ^= MixSecond(BinaryPrimitives.ReadUInt64LittleEndian(tail[8..]));
            }

            if (rest.Length > 0)
            {
                low ^= MixFirst(BinaryPrimitives.ReadUInt64LittleEndian(tail));
            }

            low ^= (ulong)bytes.Length;
            high ^= (ulong)bytes.Length;
            low += high;
            high += low;
            low = Finish(low);
            high = Finish(high);
            low += high;
            high += low;
            return new UInt128(high, low);
        }
    }

    private static ulong MixFirst(ulong word) => unchecked(BitOperations.RotateLeft(word * First, 31) * Second);

    private static ulong MixSecond(ulong word) => unchecked(BitOperations.RotateLeft(word * Second, 33) * First);

    private static ulong Finish(ulong word)
    {
        unchecked
        {
            word ^= word >> 33;
            word *= 0xff51afd7ed558ccd;
            word ^= word >> 33;
            word *= 0xc4ceb9fe1a85ec53;
            return word ^ (word >> 33);
        }
    }
}
