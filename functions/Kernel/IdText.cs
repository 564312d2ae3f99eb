using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace PracticPro.Kernel;

/// <summary>
/// The one spelling of ids: <c>prefix-</c> and 26 lower-case Crockford base-32 characters over 128 bits,
/// 48 bits of Unix milliseconds first, then 80 random bits. Ids made later sort later.
/// An id says nothing about whom it belongs to.
/// </summary>
internal static class IdText
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int BodyLength = 26;

    public static string New(string prefix, TimeProvider time)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.GetUtcNow().ToUnixTimeMilliseconds() << 16);
        RandomNumberGenerator.Fill(bytes[6..]);
        return Format(prefix, bytes);
    }

    /// <summary>The same 16 bytes always give the same id. For ids that must come out equal on a second try.</summary>
    public static string FromBytes(string prefix, ReadOnlySpan<byte> sixteenBytes) => Format(prefix, sixteenBytes);

    public static bool IsValid(string prefix, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? text)
    {
        if (text is null || text.Length != prefix.Length + 1 + BodyLength
            || !text.StartsWith(prefix, StringComparison.Ordinal) || text[prefix.Length] != '-')
        {
            return false;
        }

        foreach (var symbol in text.AsSpan(prefix.Length + 1))
        {
            if (!Alphabet.Contains(symbol, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    public static FormatException Malformed(string prefix) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Not a {prefix} id."));

    private static string Format(string prefix, ReadOnlySpan<byte> bytes)
    {
        var value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        Span<char> body = stackalloc char[BodyLength];
        for (var at = BodyLength - 1; at >= 0; at--)
        {
            body[at] = Alphabet[(int)(value & 31)];
            value >>= 5;
        }

        return $"{prefix}-{body}";
    }
}
