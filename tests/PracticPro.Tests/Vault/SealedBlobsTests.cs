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
        await vault.Storage.For(A).Blobs.WriteAsync(Stored(other), new MemoryStream(stored), Cancellation);
        await vault.Storage.For(B).Blobs.WriteAsync(Stored(Name), new MemoryStream(stored), Cancellation);

        await Assert.ThrowsAsync<TamperedStreamException>(() => ReadAsync(here, other));
        await Assert.ThrowsAsync<TamperedStreamException>(() => ReadAsync(there, Name));
    }

    [Fact]
    public async Task A_later_programs_blob_is_not_said_to_be_tampered_with()
    {
        var blobs = await BlobsAsync(A);
        await vault.Storage.For(A).Blobs.WriteAsync(Stored(Name), new MemoryStream([9, .. new byte[200]]), Cancellation);

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

    [Fact]
    public async Task A_blob_is_read_at_any_place()
    {
        var content = RandomNumberGenerator.GetBytes(300_000);
        var blobs = await BlobsAsync(A);
        await blobs.WriteAsync(Name, new MemoryStream(content), Cancellation);

        await using var opened = (await blobs.OpenSeekableAsync(Name, Cancellation))!;
        opened.Position = 200_000;
        var part = new byte[50_000];
        await opened.ReadExactlyAsync(part, Cancellation);

        Assert.Equal(content.Length, opened.Length);
        Assert.Equal(content[200_000..250_000], part);
        Assert.Null(await blobs.OpenSeekableAsync(new BlobName("exports/e2"), Cancellation));
    }

    [Fact]
    public async Task A_blob_that_was_cut_is_not_read_at_any_place()
    {
        var blobs = await BlobsAsync(A);
        await blobs.WriteAsync(Name, new MemoryStream(new byte[300_000]), Cancellation);
        var stored = await StoredAsync(A, Name);
        await blobs.DeleteAsync(Name, Cancellation);
        var cut = SealedFormat.HeaderBytes + (2 * SealedStreamFormat.SealedFrameBytes);
        await vault.Storage.For(A).Blobs.WriteAsync(Stored(Name), new MemoryStream(stored[..cut]), Cancellation);

        await Assert.ThrowsAsync<TamperedStreamException>(async () => await blobs.OpenSeekableAsync(Name, Cancellation));
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task A_purpose_lists_its_own_blobs_by_the_names_they_were_given()
    {
        var (exports, notes) = (await BlobsAsync(A), await BlobsAsync(A, Purpose.Notes));
        await exports.WriteAsync(new BlobName("a/one"), new MemoryStream([1]), Cancellation);
        await exports.WriteAsync(new BlobName("b/two"), new MemoryStream([1]), Cancellation);
        await notes.WriteAsync(new BlobName("a/one"), new MemoryStream([2]), Cancellation);
        await vault.Storage.For(A).Blobs.WriteAsync(new BlobName("a/three"), new MemoryStream([3]), Cancellation);

        Assert.Equal(["a/one", "b/two"], await NamesAsync(exports, string.Empty));
        Assert.Equal(["a/one"], await NamesAsync(exports, "a/"));
        Assert.Equal(["a/one"], await NamesAsync(notes, string.Empty));

        // It is the name that begins so, not the mark behind it.
        Assert.Empty(await NamesAsync(exports, "a/one.sealed"));
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task What_hangs_on_a_generation_is_counted_and_what_cannot_be_read_counts()
    {
        var key = TestKeys.Filled(7);
        var store = vault.Storage.For(A).Blobs;
        var first = new SealedBlobs(store, TestKeys.Of(A, (Purpose.Export, 1, key), (Purpose.Notes, 1, key)), Purpose.Export);
        var second = new SealedBlobs(store, TestKeys.Of(A, (Purpose.Export, 1, key), (Purpose.Export, 2, key)), Purpose.Export);
        await first.WriteAsync(new BlobName("one"), new MemoryStream([1]), Cancellation);
        await first.WriteAsync(new BlobName("two"), new MemoryStream([1]), Cancellation);
        await second.WriteAsync(new BlobName("three"), new MemoryStream([1]), Cancellation);
        Assert.Equal(2, await second.CountAsync(1, Cancellation));
        Assert.Equal(1, await second.CountAsync(2, Cancellation));
        Assert.Equal(0, await second.CountAsync(3, Cancellation));

        await store.WriteAsync(Stored(new BlobName("short")), new MemoryStream([1, 2, 0, 0, 0, 2]), Cancellation);
        await store.WriteAsync(Stored(new BlobName("later")), new MemoryStream([9, .. new byte[200]]), Cancellation);

        Assert.Equal(2, await second.CountAsync(3, Cancellation));
    }

    public void Dispose() => vault.Dispose();

    private static async Task<byte[]?> ReadAsync(SealedBlobs blobs, BlobName name)
    {
        await using var opened = await blobs.OpenReadAsync(name, Cancellation);
        return opened is null ? null : await AllAsync(opened);
    }

    private static BlobName Stored(BlobName name) => new(name.Text + ".sealed-export");

    private static async Task<List<string>> NamesAsync(SealedBlobs blobs, string prefix)
    {
        var names = new List<string>();
        await foreach (var name in blobs.ListAsync(prefix, Cancellation))
        {
            names.Add(name.Text);
        }

        return names;
    }

    private static async Task<byte[]> AllAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, Cancellation);
        return all.ToArray();
    }

    private async Task<byte[]> StoredAsync(TenantId tenant, BlobName name)
    {
        await using var stored = await vault.Storage.For(tenant).Blobs.OpenReadAsync(Stored(name), Cancellation);
        return await AllAsync(stored!);
    }

    private async Task<SealedBlobs> BlobsAsync(TenantId tenant, Purpose purpose = Purpose.Export) =>
        new(vault.Storage.For(tenant).Blobs, await vault.KeysAsync(tenant), purpose);
}
