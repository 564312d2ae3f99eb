using System.Security.Cryptography;

namespace PracticPro.Vault.Drivers.KeyVault;

/// <summary>
/// Signs by a P-256 key in the vault. The version that is newest when this is opened signs until it is closed, so that one
/// program has one signing key; its public half was read once, and verifying asks nobody. The digest is computed here: the
/// vault sees 32 bytes. What it answers is verified before it is handed on.
/// </summary>
internal sealed class KeyVaultCheckpointSigner : ICheckpointSigner, IDisposable
{
    private readonly KeyVaultKeys keys;
    private readonly VaultKeyName name;
    private readonly KeyVersion version;
    private readonly ECDsa publicKey;

    // One ECDsa object is not for many threads at once.
    private readonly Lock gate = new();

    public KeyVaultCheckpointSigner(KeyVaultKeys keys, VaultKeyName name, VaultKey key)
    {
        (this.keys, this.name, version) = (keys, name, key.Version);
        try
        {
            publicKey = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = key.X.ToArray(), Y = key.Y.ToArray() },
            });
        }
        catch (CryptographicException)
        {
            throw new KeyStoreUnavailableException(new KeyStoreFailures.NotUnderstood());
        }

        var encoded = publicKey.ExportSubjectPublicKeyInfo();
        KeyId = SigningKeyId.Of(encoded);
        PublicKeyPem = PemEncoding.WriteString("PUBLIC KEY", encoded);
    }

    public SigningKeyId KeyId { get; }

    public string PublicKeyPem { get; }

    public async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        var signature = (await keys.SignAsync(name, version, SHA256.HashData(message.Span), cancellation)).Expect();
        return Verify(message.Span, signature)
            ? signature
            : throw new KeyStoreUnavailableException(new KeyStoreFailures.NotUnderstood());
    }

    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        lock (gate)
        {
            return publicKey.VerifyData(
                message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }

    public void Dispose() => publicKey.Dispose();
}
