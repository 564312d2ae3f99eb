using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Tests.Contracts;

/// <summary>What <see cref="IBlobs"/> promises.</summary>
public abstract class BlobsContract : StoreContract
{
    [Fact]
    public async Task A_blob_is_read_back_byte_for_byte()
    {
        var bytes = RandomNumberGenerator.GetBytes(3_000_001);
        var blobs = Open(Here).Blobs;
        Assert.True(await blobs.WriteAsync(new BlobName("exports/e1"), new MemoryStream(bytes), Cancellation));

        Assert.Equal(bytes, await ReadAsync(Here, "exports/e1"));
    }

    [Fact]
    public async Task A_blob_knows_its_length_and_is_read_at_any_place()
    {
        var bytes = RandomNumberGenerator.GetBytes(9_000_001);
        var blobs = Open(Here).Blobs;
        await blobs.WriteAsync(new BlobName("exports/e1"), new MemoryStream(bytes), Cancellation);
        await using var stored = (await blobs.OpenReadAsync(new BlobName("exports/e1"), Cancellation))!;

        Assert.True(stored.CanSeek);
        Assert.Equal(bytes.Length, stored.Length);
        foreach (var at in (int[])[bytes.Length - 5, 0, 4_194_300, 4_194_305, 7, bytes.Length])
        {
            var read = new byte[Math.Min(10, bytes.Length - at)];
            stored.Seek(at, SeekOrigin.Begin);
            await stored.ReadExactlyAsync(read, Cancellation);

            Assert.Equal(bytes[at..(at + read.Length)], read);
            Assert.Equal(at + read.Length, stored.Position);
        }
    }

    [Fact]
    public async Task An_empty_blob_is_a_blob()
    {
        Assert.True(await WriteAsync(Here, "empty", string.Empty));

        Assert.Empty(Assert.IsType<byte[]>(await ReadAsync(Here, "empty")));
    }

    [Fact]
    public async Task A_blob_does_not_change()
    {
        await WriteAsync(Here, "tile", "first");

        Assert.False(await WriteAsync(Here, "tile", "second"));
        Assert.Equal("first"u8.ToArray(), await ReadAsync(Here, "tile"));
    }

    [Fact]
    public async Task A_blob_whose_writer_failed_never_appears()
    {
        await Assert.ThrowsAsync<EndOfStreamException>(async () =>
            await Open(Here).Blobs.WriteAsync(new BlobName("broken"), new BreakingStream(200_000), Cancellation));

        Assert.Null(await ReadAsync(Here, "broken"));
        Assert.Empty(await NamesAsync(Here, string.Empty));
        Assert.True(await WriteAsync(Here, "broken", "whole now"));
    }

    [Fact]
    public async Task A_deleted_blob_is_gone_and_its_name_is_free()
    {
        await WriteAsync(Here, "a", "1");

        Assert.True(await Open(Here).Blobs.DeleteAsync(new BlobName("a"), Cancellation));
        Assert.False(await Open(Here).Blobs.DeleteAsync(new BlobName("a"), Cancellation));
        Assert.Null(await ReadAsync(Here, "a"));
        Assert.True(await WriteAsync(Here, "a", "2"));
    }

    [Fact]
    public async Task A_blob_may_be_named_as_the_folder_of_another()
    {
        await WriteAsync(Here, "a/b", "below");
        await WriteAsync(Here, "a", "above");
        await WriteAsync(Here, "a/b/c", "deeper");

        Assert.Equal(["a", "a/b", "a/b/c"], await NamesAsync(Here, string.Empty));
        Assert.Equal("above"u8.ToArray(), await ReadAsync(Here, "a"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("a/./b")]
    [InlineData("a/...")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("a/b/c/d/e")]
    [InlineData("Upper")]
    [InlineData("a~")]
    [InlineData("a\\b")]
    [InlineData("a b")]
    [InlineData("a\0b")]
    [InlineData("é")]
    public async Task A_name_that_is_no_name_is_refused(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(Here, name, "x"));
        await Assert.ThrowsAsync<ArgumentException>(() => ReadAsync(Here, name));
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await Open(Here).Blobs.DeleteAsync(new BlobName(name), Cancellation));
    }

    [Fact]
    public async Task Names_are_listed_by_prefix_in_ordinal_order()
    {
        string[] names = ["a", "a-b", "a.b/c", "a/b", "a/b.c", "a0", "b/x/y/z", "b_"];
        foreach (var name in names.Reverse())
        {
            await WriteAsync(Here, name, "x");
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), await NamesAsync(Here, string.Empty));
        Assert.Equal(["a/b", "a/b.c"], await NamesAsync(Here, "a/"));
        Assert.Equal(["b/x/y/z"], await NamesAsync(Here, "b/x/y"));
        Assert.Empty(await NamesAsync(Here, "c"));
        Assert.Empty(await NamesAsync(Here, "../"));
    }

    [Fact]
    public void Any_set_of_names_is_listed_in_ordinal_order()
    {
        var segment = Gen.Elements("a", "a-", "a.b", "a0", "ab", "b", "_", "-");
        var name = segment.NonEmptyListOf().Select(parts => string.Join('/', parts.Take(4)));
        var number = 0;

        Prop.ForAll(name.ListOf().ToArbitrary(), names => ListAgrees(TenantId.Parse($"law-{++number}"), names))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20));
    }

    [Fact]
    public async Task Two_tenants_with_the_same_names_never_meet()
    {
        await WriteAsync(Here, "same", "mine");

        Assert.Null(await ReadAsync(There, "same"));
        Assert.Empty(await NamesAsync(There, string.Empty));
        Assert.False(await Open(There).Blobs.DeleteAsync(new BlobName("same"), Cancellation));
        Assert.True(await WriteAsync(There, "same", "theirs"));
        Assert.Equal("mine"u8.ToArray(), await ReadAsync(Here, "same"));
        Assert.Equal(Here, Open(Here).Blobs.Tenant);
    }

    [Fact]
    public async Task Of_many_who_write_one_name_exactly_one_wins()
    {
        var written = await Task.WhenAll(Enumerable.Range(0, 16).Select(who => Task.Run(
            () => WriteAsync(Here, "race/winner", $"{who}"))));

        Assert.Single(written, true);
        var winner = Encoding.UTF8.GetBytes($"{Array.IndexOf(written, true)}");
        Assert.Equal(winner, await ReadAsync(Here, "race/winner"));
    }

    [Fact]
    public async Task Of_many_who_delete_exactly_one_did()
    {
        await WriteAsync(Here, "once", "x");

        var deleted = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(
            async () => await Open(Here).Blobs.DeleteAsync(new BlobName("once"), Cancellation))));

        Assert.Single(deleted, true);
    }

    [Fact]
    public async Task A_blob_survives_a_restart()
    {
        await WriteAsync(Here, "deep/er/and/deeper", "kept");
        await Store.ReopenAsync();

        Assert.Equal("kept"u8.ToArray(), await ReadAsync(Here, "deep/er/and/deeper"));
    }

    // FsCheck's laws are synchronous: the store's answers are waited for here.
    private bool ListAgrees(TenantId tenant, IList<string> names) =>
        ListAgreesAsync(tenant, names).GetAwaiter().GetResult();

    private async Task<bool> ListAgreesAsync(TenantId tenant, IList<string> names)
    {
        foreach (var name in names.Distinct())
        {
            Assert.True(await WriteAsync(tenant, name, "x"));
        }

        var ordered = names.Distinct().Order(StringComparer.Ordinal).ToList();
        return ordered.SequenceEqual(await NamesAsync(tenant, string.Empty))
            && ordered.Where(name => name.StartsWith("a/", StringComparison.Ordinal))
                .SequenceEqual(await NamesAsync(tenant, "a/"));
    }

    private async Task<bool> WriteAsync(TenantId tenant, string name, string content) =>
        await Open(tenant).Blobs.WriteAsync(
            new BlobName(name), new MemoryStream(Encoding.UTF8.GetBytes(content)), Cancellation);

    private async Task<byte[]?> ReadAsync(TenantId tenant, string name)
    {
        await using var content = await Open(tenant).Blobs.OpenReadAsync(new BlobName(name), Cancellation);
        if (content is null)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, Cancellation);
        return bytes.ToArray();
    }

    private async Task<List<string>> NamesAsync(TenantId tenant, string prefix)
    {
        var names = new List<string>();
        await foreach (var name in Open(tenant).Blobs.ListAsync(prefix, Cancellation))
        {
            names.Add(name.Text);
        }

        return names;
    }

    /// <summary>Gives some bytes, then fails as a broken upload does.</summary>
    private sealed class BreakingStream(int bytes) : MemoryStream(new byte[bytes])
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            return read > 0 ? read : throw new EndOfStreamException();
        }
    }
}
