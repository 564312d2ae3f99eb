using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace PracticPro.Sandbox;

/// <summary>
/// A stream of made-up values that is the same for the same seed and purpose, on every machine and every run.
/// Streams of different purposes do not disturb each other: one more token drawn moves no message id.
/// Not for secrets, and not safe to share between threads: the owner of a stream holds its own lock.
/// </summary>
internal sealed class Seeded
{
    private readonly byte[] _seed;
    private ulong _state;

    public Seeded(long seed, string purpose)
        : this(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}|{purpose}")))
    {
    }

    private Seeded(byte[] seed)
    {
        _seed = seed;
        _state = BinaryPrimitives.ReadUInt64LittleEndian(seed);
    }

    /// <summary>A stream of its own for a narrower purpose; drawing from it leaves this one where it is.</summary>
    public Seeded For(string purpose) =>
        new(SHA256.HashData([.. _seed, .. Encoding.UTF8.GetBytes(purpose)]));

    /// <summary>The next 64 bits (SplitMix64: Steele, Lea, Flood 2014).</summary>
    public ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            ulong mixed = _state;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }

    /// <summary>A number from 0 to <paramref name="bound"/>, the bound excluded.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>True in about <paramref name="percent"/> of a hundred draws.</summary>
    public bool Chance(int percent) => Below(100) < percent;

    /// <summary>Text that is safe in a URL, made of <paramref name="bytes"/> drawn bytes.</summary>
    public string Token(int bytes)
    {
        byte[] drawn = new byte[bytes];
        for (int at = 0; at < bytes; at++)
        {
            drawn[at] = (byte)(Next() & 0xFF);
        }

        return Base64Url.EncodeToString(drawn);
    }
}
