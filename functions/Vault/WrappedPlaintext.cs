using System.Buffers.Binary;
using System.Security.Cryptography;
using PracticPro.Kernel;

namespace PracticPro.Vault;

/// <summary>
/// The plaintext of every wrapped key, whatever wraps it. RSA-OAEP as Key Vault offers it takes no associated data,
/// so a hash of the context goes inside, in front of the key:
/// <code>
///  0                                 32                    n
///  +---------------------------------+---------------------+
///  | SHA-256 of the context          | key                 |
///  +---------------------------------+---------------------+
///  context = "practicpro wrap 1" | tenant | use | version | generation (4, big-endian), texts behind their lengths
/// </code>
/// The hash is checked on every unwrap. It binds a key to its place; it does not prove who wrapped it: under a public
/// RSA key anybody could wrap a key of their own. The local driver's AES-GCM does prove it.
/// </summary>
internal static class WrappedPlaintext
{
    public const int HashBytes = SHA256.HashSizeInBytes;

    public static SecretBytes Bind(
        TenantId tenant, WrapContext context, KeyVersion version, ReadOnlySpan<byte> key)
    {
        Span<byte> joined = stackalloc byte[HashBytes + key.Length];
        Hash(tenant, context, version, joined);
        key.CopyTo(joined[HashBytes..]);
        var bound = new SecretBytes(joined);
        CryptographicOperations.ZeroMemory(joined);
        return bound;
    }

    /// <summary>The key, or null when it was bound to something else.</summary>
    public static SecretBytes? Unbind(
        TenantId tenant, WrapContext context, KeyVersion version, ReadOnlySpan<byte> plaintext)
    {
        Span<byte> expected = stackalloc byte[HashBytes];
        Hash(tenant, context, version, expected);
        return plaintext.Length > HashBytes
            && CryptographicOperations.FixedTimeEquals(expected, plaintext[..HashBytes])
                ? new SecretBytes(plaintext[HashBytes..])
                : null;
    }

    private static void Hash(TenantId tenant, WrapContext context, KeyVersion version, Span<byte> destination)
    {
        Span<byte> generation = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(generation, context.Generation);
        byte[] encoded = [
            .. SealContext.Prefixed("practicpro wrap 1"),
            .. SealContext.Prefixed(tenant.Text),
            .. SealContext.Prefixed(context.Use),
            .. SealContext.Prefixed(version.Text),
            .. generation];
        SHA256.HashData(encoded, destination);
    }
}
