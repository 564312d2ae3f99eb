using System.Security.Cryptography;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;
using static PracticPro.Tests.Vault.VaultFixture;

namespace PracticPro.Tests.Vault;

/// <summary>A blob is sealed for its name and its tenant.</summary>
[Trait("Promise", "ENC-1")]
public sealed class SealedBlobsTests : IDisposable
{
    private static readonly BlobName Name = new("exports/e1/part-1");
    private readonly VaultFixture vault = Make();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_blob_is_read_back_and_lies_sealed()
    {
        var content = RandomNumberGenerator.GetBytes(300_000);
        var blobs = await BlobsAsync(A);

        Assert.True(await blobs.WriteAsync(Name, new MemoryStream(content), Cancellation));
        Assert.False(await blobs.WriteAsync(Name, new MemoryStream(content), Cancellation));

        Assert.Equal(content, await ReadAsync(blobs, Name));
        var stored = await StoredAsync(A, Name);
        Assert.Equal(SealedStreamFormat.SealedLength(content.Length), stored.Length);
        Assert.True(stored.AsSpan().IndexOf(content.AsSpan(0, 16)) < 0);
        Assert.Null(await blobs.OpenReadAsync(new BlobName("exports/e2"), Cancellation));
        Assert.True(await blobs.DeleteAsync(Name, Cancellation));
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public async Task A_blob_copied_to_another_name_or_tenant_does_not_open()
    {
        var (here, there) = (await BlobsAsync(A), await BlobsAsync(B));
        await here.WriteAsync(Name, new MemoryStream(new byte[10]), Cancellation);
        var stored = await StoredAsync(A, Name);
        var other = new BlobName("exports/e1/part-2");
        await vault.Storage.For(A).Blobs.WriteAsync(other, new MemoryStream(stored), Cancellation);
        await vault.Storage.For(B).Blobs.WriteAsync(Name, new MemoryStream(stored), Cancellation);

        await Assert.ThrowsAsync<TamperedStreamException>(() => ReadAsync(here, other));
        await Assert.ThrowsAsync<TamperedStreamException>(() => ReadAsync(there, Name));
    }

    [Fact]
    public async Task A_later_programs_blob_is_not_said_to_be_tampered_with()
    {
        var blobs = await BlobsAsync(A);
        await vault.Storage.For(A).Blobs.WriteAsync(Name, new MemoryStream([9, .. new byte[200]]), Cancellation);

        var thrown = await Assert.ThrowsAsync<UnexpectedFailureException>(() => ReadAsync(blobs, Name));

        Assert.IsType<VaultFailures.UnknownVersion>(thrown.Failure);
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public async Task Blobs_and_keys_of_two_tenants_do_not_go_together()
    {
        var ofB = await vault.KeysAsync(B);

        Assert.Throws<ArgumentException>(() => new SealedBlobs(vault.Storage.For(A).Blobs, ofB, Purpose.Export));
    }

    public void Dispose() => vault.Dispose();

    private static async Task<byte[]?> ReadAsync(SealedBlobs blobs, BlobName name)
    {
        await using var opened = await blobs.OpenReadAsync(name, Cancellation);
        return opened is null ? null : await AllAsync(opened);
    }

    private static async Task<byte[]> AllAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, Cancellation);
        return all.ToArray();
    }

    private async Task<byte[]> StoredAsync(TenantId tenant, BlobName name)
    {
        await using var stored = await vault.Storage.For(tenant).Blobs.OpenReadAsync(name, Cancellation);
        return await AllAsync(stored!);
    }

    private async Task<SealedBlobs> BlobsAsync(TenantId tenant) =>
        new(vault.Storage.For(tenant).Blobs, await vault.KeysAsync(tenant), Purpose.Export);
}
