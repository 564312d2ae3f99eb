using System.Collections.Immutable;
using System.Security.Cryptography;

namespace PracticPro.Vault;

/// <summary>
/// Names a signing key: the first 16 hex characters of the SHA-256 of its public key (SubjectPublicKeyInfo).
/// </summary>
internal readonly record struct SigningKeyId
{
    private readonly string? text;

    private SigningKeyId(string text) => this.text = text;

    public string Text => text ?? throw new InvalidOperationException("No signing key.");

    /// <param name="publicKey">DER of the SubjectPublicKeyInfo.</param>
    public static SigningKeyId Of(ReadOnlySpan<byte> publicKey) =>
        new(Convert.ToHexStringLower(SHA256.HashData(publicKey).AsSpan(0, 8)));

    public override string ToString() => Text;
}

/// <summary>
/// Signs what third parties check: ECDSA on P-256 over SHA-256, signature as <c>r | s</c>, 32 bytes each
/// (IEEE P1363, the form of ES256 in RFC 7518 section 3.4). The private key never leaves its store.
/// Signing is not deterministic: a retry gives another signature, and both are good.
/// </summary>
internal interface ICheckpointSigner
{
    /// <summary>Bytes of a signature.</summary>
    const int SignatureBytes = 64;

    SigningKeyId KeyId { get; }

    /// <summary>SubjectPublicKeyInfo in PEM, to be pinned and published.</summary>
    string PublicKeyPem { get; }

    ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation);

    /// <summary>
    /// True for a signature by this key over exactly these bytes; false for everything else, whatever its length.
    /// </summary>
    bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);

    /// <summary>The key that signs now, alone: it stays the same while it is held. For whoever names the key and signs.</summary>
    ValueTask<SigningChain> CurrentAsync(CancellationToken cancellation) => ValueTask.FromResult(new SigningChain(this, []));
}

/// <summary>A signing key and how it came to follow earlier ones.</summary>
/// <param name="Statements">Public, oldest first; see <see cref="SigningGeneration.Statement"/>.</param>
internal sealed record SigningChain(ICheckpointSigner Signer, ImmutableArray<string> Statements);
