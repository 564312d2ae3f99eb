using System.Security.Cryptography;

namespace PracticPro.Vault.Drivers.Local;

/// <summary>The signing key of a <see cref="LocalKeyFile"/>.</summary>
internal sealed class LocalCheckpointSigner : ICheckpointSigner, IDisposable
{
    private readonly ECDsa key;

    // One ECDsa object is not for many threads at once.
    private readonly Lock gate = new();

    public LocalCheckpointSigner(ReadOnlySpan<byte> pkcs8)
    {
        key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        if (key.ExportParameters(false).Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
        {
            key.Dispose();
            throw new KeyFileException("The signing key is not on P-256. Restore the key file from its backup.");
        }

        var publicKey = key.ExportSubjectPublicKeyInfo();
        KeyId = SigningKeyId.Of(publicKey);
        PublicKeyPem = PemEncoding.WriteString("PUBLIC KEY", publicKey);
    }

    public SigningKeyId KeyId { get; }

    public string PublicKeyPem { get; }

    public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        lock (gate)
        {
            return ValueTask.FromResult(key.SignData(
                message.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        }
    }

    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        lock (gate)
        {
            return key.VerifyData(
                message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }

    public void Dispose() => key.Dispose();
}
