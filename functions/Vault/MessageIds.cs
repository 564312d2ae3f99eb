using System.Security.Cryptography;

namespace PracticPro.Vault;

/// <summary>
/// Random message ids from the platform's generator, fetched for 64 messages at once: one call to it costs nearly as
/// much as sealing a small record. A byte is handed out once and never again. Ids are public, so an unused stock in
/// memory gives nothing away.
/// </summary>
internal static class MessageIds
{
    private const int StockBytes = 64 * SealedFormat.MessageIdBytes;

    [ThreadStatic]
    private static byte[]? stock;

    [ThreadStatic]
    private static int used;

    public static void Next(Span<byte> destination)
    {
        var bytes = stock ??= new byte[StockBytes];
        if (used % StockBytes == 0)
        {
            RandomNumberGenerator.Fill(bytes);
            used = 0;
        }

        bytes.AsSpan(used, SealedFormat.MessageIdBytes).CopyTo(destination);
        used += SealedFormat.MessageIdBytes;
    }
}
