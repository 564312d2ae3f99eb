using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PracticPro.Kernel;

namespace PracticPro.Sync.Paddle;

/// <summary>
/// Whether a notification is Paddle's, and of now (CON-4). <c>Paddle-Signature</c> is <c>ts=seconds;h1=hex</c>, HMAC-SHA256 over
/// <c>ts:body</c> with the destination's secret as it stands. While a secret is replaced there are several <c>h1</c>, and one that
/// holds under any of our secrets is enough; parts by other names are for schemes to come. Source: Paddle, "Verify webhook
/// signatures".
/// </summary>
internal static class PaddleProof
{
    public const string Header = "Paddle-Signature";

    // Two secrets at once make two; what is beyond costs a computation each and is nobody's.
    private const int MostSignatures = 8;
    private const int LongestHeader = 2_048;

    /// <param name="secrets">Ours: one, or two while the secret is being replaced. None: nothing holds.</param>
    /// <param name="tolerance">How far the signature's time may be from now, either way.</param>
    public static bool Holds(
        IReadOnlyList<SecretText> secrets, TimeSpan tolerance, DateTimeOffset now, string? header, ReadOnlySpan<byte> body)
    {
        if (Read(header) is not { } signed || !IsOfNow(signed.At, tolerance, now))
        {
            return false;
        }

        // Every pair is compared, whichever holds.
        var holds = false;
        Span<byte> made = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (var secret in secrets)
        {
            Sign(secret, signed.At, body, made);
            foreach (var offered in signed.Signatures)
            {
                holds |= !secret.IsEmpty & CryptographicOperations.FixedTimeEquals(made, offered);
            }
        }

        return holds;
    }

    private static void Sign(SecretText secret, string at, ReadOnlySpan<byte> body, Span<byte> made)
    {
        var key = Encoding.UTF8.GetBytes(secret.Reveal("to prove a notification"));
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.ASCII.GetBytes(at));
        hash.AppendData(":"u8);
        hash.AppendData(body);
        hash.GetHashAndReset(made);
        CryptographicOperations.ZeroMemory(key);
    }

    private static bool IsOfNow(string at, TimeSpan tolerance, DateTimeOffset now) =>
        long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs((decimal)now.ToUnixTimeMilliseconds() / 1_000 - seconds) <= (decimal)tolerance.TotalSeconds;

    private static Signed? Read(string? header)
    {
        if (header is not { Length: <= LongestHeader })
        {
            return null;
        }

        string? at = null;
        List<byte[]> signatures = [];
        foreach (var part in header.Split(';', StringSplitOptions.TrimEntries))
        {
            switch (part.Split('=', 2))
            {
                case ["ts", var time] when at is null:
                    at = time;
                    break;
                case ["ts", _]:
                    return null;
                case ["h1", { Length: 2 * HMACSHA256.HashSizeInBytes } hex] when hex.All(char.IsAsciiHexDigit):
                    signatures.Add(Convert.FromHexString(hex));
                    break;
            }
        }

        return at is not null && signatures.Count is > 0 and <= MostSignatures ? new Signed(at, signatures) : null;
    }

    private sealed record Signed(string At, IReadOnlyList<byte[]> Signatures);
}
