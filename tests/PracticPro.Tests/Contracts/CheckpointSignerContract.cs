using System.Security.Cryptography;
using System.Text;
using PracticPro.Vault;

namespace PracticPro.Tests.Contracts;

/// <summary>What <see cref="ICheckpointSigner"/> promises.</summary>
[Trait("Promise", "AUD-1")]
public abstract class CheckpointSignerContract : VaultContract
{
    private static readonly byte[] Message = Encoding.UTF8.GetBytes("practicpro.example/tenant\n42\nroot\n");

    private PlatformSigner Signer => Vault.Signer;

    [Fact]
    public async Task A_signature_is_64_bytes_and_verifies()
    {
        foreach (var message in (byte[][])[Message, [], new byte[100_000]])
        {
            var signature = await Signer.SignAsync(message, Cancellation);

            Assert.Equal(ICheckpointSigner.SignatureBytes, signature.Length);
            Assert.True(Signer.Verify(message, signature));
        }
    }

    [Fact]
    public async Task Every_other_signature_or_message_does_not_verify()
    {
        var signature = await Signer.SignAsync(Message, Cancellation);
        for (var at = 0; at < signature.Length; at += 7)
        {
            var changed = signature.ToArray();
            changed[at] ^= 1;
            Assert.False(Signer.Verify(Message, changed));
        }

        Assert.False(Signer.Verify(Message.AsSpan(1), signature));
        Assert.False(Signer.Verify(Message, signature.AsSpan(1)));
        Assert.False(Signer.Verify(Message, [.. signature, 0]));
        Assert.False(Signer.Verify(Message, []));
    }

    [Fact]
    public async Task Who_has_the_published_key_alone_can_verify()
    {
        var signature = await Signer.SignAsync(Message, Cancellation);
        using var published = ECDsa.Create();
        published.ImportFromPem(Signer.PublicKeyPem);

        Assert.True(published.VerifyData(
            Message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        Assert.Equal(SigningKeyId.Of(published.ExportSubjectPublicKeyInfo()), Signer.KeyId);
    }

    [Fact]
    public async Task Every_program_signs_by_the_same_key()
    {
        using var other = await OpenAnotherAsync();

        var signature = await other.Signer.SignAsync(Message, Cancellation);

        Assert.Equal(Signer.KeyId, other.Signer.KeyId);
        Assert.True(Signer.Verify(Message, signature));
    }

    [Fact]
    public async Task Many_sign_at_once()
    {
        var signatures = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => Task.Run(async () => await Signer.SignAsync(Message, Cancellation))));

        Assert.All(signatures, signature => Assert.True(Signer.Verify(Message, signature)));
    }
}
