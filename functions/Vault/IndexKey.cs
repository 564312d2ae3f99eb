using PracticPro.Kernel;

namespace PracticPro.Vault;

/// <summary>A tenant's key for look-up hashes. It opens nothing.</summary>
internal sealed class IndexKey(TenantId tenant, SecretBytes key, KeyTerms terms)
    : HeldKeys(tenant, DataKeyRecord.IndexUse, terms)
{
    private readonly KeyedHash hash = new(key);

    /// <summary>The first 32 bytes of HMAC-SHA512 of the message.</summary>
    /// <exception cref="KeysExpiredException">Also when they were revoked in the middle.</exception>
    public byte[] Hash(ReadOnlySpan<byte> message)
    {
        Take(message.Length);
        Span<byte> whole = stackalloc byte[KeyedHash.Bytes];
        hash.Compute(message, whole);
        return whole[..32].ToArray();
    }

    protected override void Zero() => hash.Dispose();
}
