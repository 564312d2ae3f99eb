using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PracticPro.Durable.Execution;

/// <summary>
/// Name-based GUIDs as Microsoft's Durable Task client makes them: RFC 9562 section 5.5 (version 5), a fixed
/// namespace, and the name <c>instance_time_counter</c> with the time in round-trip format.
/// </summary>
internal static class DeterministicGuid
{
    private static readonly Guid Namespace = new("9e952958-5e33-4daf-827f-2fa12937b875");

    public static Guid Make(InstanceId instance, DateTimeOffset now, int counter)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{instance.Text}_{now.UtcDateTime:o}_{counter}");
        var input = new byte[16 + Encoding.UTF8.GetByteCount(name)];
        Namespace.TryWriteBytes(input, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, input.AsSpan(16));

        // RFC 9562 prescribes SHA-1 for version 5. The result names things; no security rests on it.
#pragma warning disable RS0030, CA5350
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(input, hash);
#pragma warning restore RS0030, CA5350

        // Version in the high nibble of byte 6, variant in the two high bits of byte 8.
        hash[6] = (byte)((hash[6] & 0x0f) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
