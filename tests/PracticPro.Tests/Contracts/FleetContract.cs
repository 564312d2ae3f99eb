using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Tests.Contracts;

/// <summary>What <see cref="IFleet"/> promises.</summary>
public abstract class FleetContract : StoreContract
{
    private static readonly FleetKey Key = new("sign-in", "4f1c");
    private static readonly FleetEntry Mine = new(Here, "person-1");
    private static readonly FleetEntry Theirs = new(There, "person-1");

    [Fact]
    public async Task An_entry_belongs_to_whoever_claimed_it_first()
    {
        Assert.True(await Store.Fleet.ClaimAsync(Key, Mine, Cancellation));

        Assert.False(await Store.Fleet.ClaimAsync(Key, Theirs, Cancellation));
        Assert.False(await Store.Fleet.ClaimAsync(Key, Mine with { Reference = "person-2" }, Cancellation));
        Assert.Equal(Mine, await Store.Fleet.FindAsync(Key, Cancellation));
    }

    [Fact]
    public async Task Claiming_again_what_is_mine_succeeds()
    {
        await Store.Fleet.ClaimAsync(Key, Mine, Cancellation);

        Assert.True(await Store.Fleet.ClaimAsync(Key, Mine, Cancellation));
    }

    [Fact]
    public async Task An_unclaimed_key_has_no_owner()
    {
        Assert.Null(await Store.Fleet.FindAsync(Key, Cancellation));
        await Store.Fleet.ReleaseAsync(Key, Mine, Cancellation);
        await Store.Fleet.ClaimAsync(Key, Mine, Cancellation);

        Assert.Null(await Store.Fleet.FindAsync(Key with { Directory = "gmail-mailbox" }, Cancellation));
        Assert.Null(await Store.Fleet.FindAsync(Key with { KeyedHash = "4f1d" }, Cancellation));
    }

    [Fact]
    public async Task Only_exactly_this_entry_is_released()
    {
        await Store.Fleet.ClaimAsync(Key, Mine, Cancellation);
        await Store.Fleet.ReleaseAsync(Key, Theirs, Cancellation);
        Assert.Equal(Mine, await Store.Fleet.FindAsync(Key, Cancellation));

        await Store.Fleet.ReleaseAsync(Key, Mine, Cancellation);
        Assert.True(await Store.Fleet.ClaimAsync(Key, Theirs, Cancellation));
    }

    [Fact]
    public async Task Of_many_who_claim_at_once_exactly_one_wins()
    {
        var claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(who => Task.Run(
            async () => await Store.Fleet.ClaimAsync(Key, Mine with { Reference = $"person-{who}" }, Cancellation))));

        Assert.Single(claims, true);
        var owner = await Store.Fleet.FindAsync(Key, Cancellation);
        Assert.Equal($"person-{Array.IndexOf(claims, true)}", owner!.Value.Reference);
    }

    [Fact]
    public async Task Tenants_that_stored_something_are_listed_in_order()
    {
        foreach (var name in new[] { "zeta", "beta-2", "alpha", "beta" })
        {
            await MustCommitAsync(TenantId.Parse(name), new Operation.Append(new LogName("log"), "x"u8.ToArray()));
        }

        var blobsOnly = Open(TenantId.Parse("gamma")).Blobs;
        await blobsOnly.WriteAsync(new BlobName("b"), new MemoryStream([1]), Cancellation);

        Assert.Equal(["alpha", "beta", "beta-2", "gamma", "zeta"], await TenantsAsync());
        await Store.ReopenAsync();
        Assert.Equal(["alpha", "beta", "beta-2", "gamma", "zeta"], await TenantsAsync());
    }

    [Fact]
    public async Task Looking_does_not_make_a_tenant()
    {
        var visitor = Open(TenantId.Parse("visitor"));
        await visitor.Documents.FindAsync(DocumentKind.Of("plain").Key("x"), Cancellation);
        await visitor.Logs.CountAsync(new LogName("log"), Cancellation);
        await visitor.Queue.ReceiveAsync(new QueueName("queue"), 1, TimeSpan.FromSeconds(1), Cancellation);
        await visitor.Blobs.OpenReadAsync(new BlobName("b"), Cancellation);

        Assert.Empty(await TenantsAsync());
    }

    [Fact]
    public async Task Entries_survive_a_restart()
    {
        await Store.Fleet.ClaimAsync(Key, Mine, Cancellation);
        await Store.ReopenAsync();

        Assert.Equal(Mine, await Store.Fleet.FindAsync(Key, Cancellation));
        Assert.False(await Store.Fleet.ClaimAsync(Key, Theirs, Cancellation));
    }

    private async Task<List<string>> TenantsAsync()
    {
        var names = new List<string>();
        await foreach (var tenant in Store.Fleet.TenantsAsync(Cancellation))
        {
            names.Add(tenant.Text);
        }

        return names;
    }
}
