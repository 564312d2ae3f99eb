using System.Security.Cryptography;
using PracticPro.Kernel;

namespace PracticPro.Vault;

/// <summary>A tenant's key for look-up hashes. It opens nothing.</summary>
internal sealed class IndexKey(TenantId tenant, SecretBytes key, KeyTerms terms)
    : HeldKeys(tenant, DataKeyRecord.IndexUse, terms)
{
    /// <summary>The first 32 bytes of HMAC-SHA512 of the message.</summary>
    public byte[] Hash(ReadOnlySpan<byte> message)
    {
        Take(message.Length);
        try
        {
            var hash = HMACSHA512.HashData(key.Reveal("to hash a look-up value"), message);
            key.ThrowIfZeroedMeanwhile();
            return hash[..32];
        }
        catch (ObjectDisposedException)
        {
            // Revoked in the middle.
            throw new KeysExpiredException();
        }
    }

    protected override void Zero() => key.Dispose();
}
