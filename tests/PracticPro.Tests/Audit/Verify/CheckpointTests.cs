using System.Security.Cryptography;
using PracticPro.Audit.Verify;

namespace PracticPro.Tests.Audit.Verify;

[Trait("Promise", "AUD-1")]
public sealed class CheckpointTests : IDisposable
{
    private readonly ECDsa signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => signer.Dispose();

    [Fact]
    public void A_checkpoint_of_version_1_is_this_text() =>
        Assert.Equal(
            "practicpro/audit/v1/clinic-a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
            new Checkpoint("practicpro/audit/v1/clinic-a", 0, MerkleTree.EmptyRoot).Text);

    [Fact]
    public void The_golden_checkpoint_is_read_and_its_signature_holds()
    {
        Assert.True(CheckpointNote.TryParse(GoldenFiles.Text("v1-folder/checkpoint.txt"), out var note));
        Assert.True(CheckpointKey.TryParse(GoldenFiles.Text("v1-folder/key.pem"), out var key));
        Assert.True(note.IsSignedBy(key));
    }

    [Theory]
    [InlineData("practicpro/audit/v1/a\n00\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("practicpro/audit/v1/a\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("practicpro/audit/v1/a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n")]
    [InlineData("practicpro/audit/v1/a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nmore\n")]
    [InlineData("practicpro/audit/v1/a b\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("practicpro/audit/v1/\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("another/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("practicpro/audit/v1/a\n0\n")]
    public void A_text_that_would_not_be_written_so_is_no_checkpoint(string text) =>
        Assert.False(Checkpoint.TryParse(text, out _));

    [Fact]
    public void A_signature_line_in_another_name_is_refused()
    {
        var note = ExportedFolder.Sign(new Checkpoint(ExportedFolder.Origin, 0, MerkleTree.EmptyRoot), signer);
        var renamed = note.Text.Replace("— practicpro/audit/v1/clinic-a ", "— practicpro/audit/v1/clinic-b ", StringComparison.Ordinal);
        Assert.True(CheckpointNote.TryParse(note.Text, out _));
        Assert.False(CheckpointNote.TryParse(renamed, out _));
    }

    [Fact]
    public void A_second_signature_line_is_refused()
    {
        var note = ExportedFolder.Sign(new Checkpoint(ExportedFolder.Origin, 0, MerkleTree.EmptyRoot), signer);
        Assert.False(CheckpointNote.TryParse(note.Text + note.SignatureLine + "\n", out _));
    }

    [Fact]
    public void Signatures_with_short_numbers_are_spelled_as_openssl_reads_them()
    {
        // r and s that begin with zeros or with a high bit: one in 256 signatures has the former.
        for (var run = 0; run < 600; run++)
        {
            Assert.True(ExportedFolder.Sign(new Checkpoint(ExportedFolder.Origin, run, MerkleTree.EmptyRoot), signer)
                .IsSignedBy(ExportedFolder.KeyOf(signer)));
        }
    }

    [Fact]
    public void A_key_on_another_curve_is_refused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.False(CheckpointKey.TryParse(other.ExportSubjectPublicKeyInfoPem(), out _));
    }

    [Fact]
    public void A_private_key_is_refused_in_a_public_keys_place() =>
        Assert.False(CheckpointKey.TryParse(signer.ExportPkcs8PrivateKeyPem(), out _));
}
