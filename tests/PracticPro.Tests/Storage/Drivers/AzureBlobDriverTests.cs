using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using PracticPro.Azurite.Faults;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.AzureBlobs;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Storage.Drivers;

/// <summary>What the contract cannot show: an account that fails, and what it holds in its place.</summary>
public sealed class AzureBlobDriverTests : IAsyncLifetime
{
    private const int Large = (3 * (4 << 20)) + 5;
    private static readonly TenantId Tenant = TenantId.Parse("clinic");
    private static readonly BlobName Name = new("letters/one");
    private static readonly BlobName Checkpoint = new("audit/checkpoints/0001");

    private readonly AzureBlobsUnderTest account = new() { Policy = AuditPolicy.Unlocked, Patience = TimeSpan.FromSeconds(2), PageSize = 3 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IBlobs Blobs => account.Opened.For(Tenant);

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(account.Missing is not null, account.Missing ?? "");
        await account.OpenCleanAsync();
    }

    public ValueTask DisposeAsync() => account.DisposeAsync();

    [Theory]
    [InlineData(5, "", "TornAfter")]
    [InlineData(5, "", "TornBefore")]
    [InlineData(5, "", "Busy")]
    [InlineData(5, "", "Broken")]
    [InlineData(Large, "blocklist", "TornAfter")]
    [InlineData(Large, "blocklist", "TornBefore")]
    [InlineData(Large, "block", "TornAfter")]
    [InlineData(Large, "block", "Throttled")]
    public async Task A_write_whose_answer_was_lost_or_late_went_through_once(int length, string comp, string act)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);
        Strike(new FaultRule(Enum.Parse<FaultAct>(act), Method: "PUT", Comp: comp));

        Assert.True(await Blobs.WriteAsync(Name, new MemoryStream(bytes), Cancellation));

        Assert.Equal(bytes, await ReadAsync(Name));
        Assert.False(await Blobs.WriteAsync(Name, new MemoryStream([1]), Cancellation));
    }

    [Theory]
    [InlineData(5, "")]
    [InlineData(Large, "blocklist")]
    public async Task A_write_that_was_carried_out_at_the_last_try_is_known_for_its_own(int length, string comp)
    {
        Strike(new FaultRule(FaultAct.TornBefore, Method: "PUT", Comp: comp, Times: 2));
        Strike(new FaultRule(FaultAct.TornAfter, Method: "PUT", Comp: comp));

        Assert.True(await Blobs.WriteAsync(Name, new MemoryStream(new byte[length]), Cancellation));
    }

    [Theory]
    [InlineData("Busy", "the account is busy")]
    [InlineData("Throttled", "the account is busy")]
    [InlineData("Broken", "the account answered with an error")]
    [InlineData("Forbidden", "the account refuses this program")]
    [InlineData("TornBefore", "the account cannot be reached")]
    [InlineData("Stall", "the account did not answer in time")]
    public async Task An_account_that_fails_for_long_is_said_in_a_fixed_phrase_and_nothing_is_written(string act, string reason)
    {
        Strike(new FaultRule(Enum.Parse<FaultAct>(act), Times: -1));

        var said = await Assert.ThrowsAsync<StorageUnavailableException>(() => WriteAsync(Name, "x"));
        AzuriteOfTests.Server.Faults.Clear('/' + account.Prefix);

        Assert.Equal(reason, said.Reason);
        Assert.DoesNotContain("letters", said.Message, StringComparison.Ordinal);
        Assert.Null(await ReadAsync(Name));
    }

    [Fact]
    public async Task A_read_that_breaks_off_goes_on_where_it_was()
    {
        var bytes = RandomNumberGenerator.GetBytes(Large);
        await Blobs.WriteAsync(Name, new MemoryStream(bytes), Cancellation);
        Strike(new FaultRule(FaultAct.TornWithin, Method: "GET", Skip: 1, Times: 2));
        Strike(new FaultRule(FaultAct.Busy, Method: "GET", Skip: 2));

        Assert.Equal(bytes, await ReadAsync(Name));
    }

    [Fact]
    public async Task A_container_that_is_missing_is_said_at_the_start()
    {
        var options = new AzureBlobOptions
        {
            Endpoint = account.Options.Endpoint, AuditPolicy = AuditPolicy.Off, ContainerPrefix = AzuriteOfTests.NewName(),
        };

        var said = await Assert.ThrowsAsync<StorageUnavailableException>(() => AzureBlobStore.OpenAsync(
            options, AzuriteOfTests.Server.Credential(), AzuriteOfTests.Server.Doors(), TimeProvider.System, Cancellation));

        Assert.Equal("a container is missing", said.Reason);
    }

    [Fact]
    [Trait("Promise", "AUD-3")]
    public async Task An_audit_blob_is_held_for_seven_years_from_its_first_moment()
    {
        await WriteAsync(Checkpoint, "note");

        await Assert.ThrowsAsync<BlobRetainedException>(async () => await Blobs.DeleteAsync(Checkpoint, Cancellation));

        var policy = (await PropertiesAsync(Checkpoint)).ImmutabilityPolicy;
        Assert.Equal(BlobImmutabilityPolicyMode.Unlocked, policy.PolicyMode);
        Assert.True(policy.ExpiresOn >= account.Clock.GetUtcNow().AddYears(7));
        Assert.Equal("note"u8.ToArray(), await ReadAsync(Checkpoint));
    }

    [Theory]
    [InlineData("")]
    [InlineData("blocklist")]
    public async Task A_taken_name_that_is_held_is_taken_and_nothing_else(string comp)
    {
        await WriteAsync(Checkpoint, "note");

        Assert.False(await Blobs.WriteAsync(Checkpoint, new MemoryStream(new byte[comp.Length == 0 ? 9 : Large]), Cancellation));
        Assert.Equal("note"u8.ToArray(), await ReadAsync(Checkpoint));
    }

    [Fact]
    public async Task Only_what_is_under_audit_is_held()
    {
        await WriteAsync(Name, "x");
        await WriteAsync(new BlobName("audit"), "no folder");

        Assert.True(await Blobs.DeleteAsync(Name, Cancellation));
        Assert.True(await Blobs.DeleteAsync(new BlobName("audit"), Cancellation));
    }

    [Fact]
    public async Task A_legal_hold_outlasts_a_policy_that_was_ended_and_is_one_tenants()
    {
        await WriteAsync(Checkpoint, "note");
        var other = account.Opened.For(TenantId.Parse("clinic-2"));
        await other.WriteAsync(Checkpoint, new MemoryStream([1]), Cancellation);

        Assert.Equal(1, await account.Opened.HoldOf(Tenant).SetAsync(Cancellation));
        await ClientOf(Tenant, Checkpoint).DeleteImmutabilityPolicyAsync(Cancellation);
        await ClientOf(other.Tenant, Checkpoint).DeleteImmutabilityPolicyAsync(Cancellation);

        await Assert.ThrowsAsync<BlobRetainedException>(async () => await Blobs.DeleteAsync(Checkpoint, Cancellation));
        Assert.True(await other.DeleteAsync(Checkpoint, Cancellation));
        Assert.Equal(1, await account.Opened.HoldOf(Tenant).EndAsync(Cancellation));
        Assert.True(await Blobs.DeleteAsync(Checkpoint, Cancellation));
    }

    [Fact]
    public async Task Names_of_all_containers_are_one_list_across_pages()
    {
        string[] names =
        [
            "a/1", "audit/b", "audit/c", "audit", "auditors/x", "b", "exports/z", "exports/y", "exportsx", "z/1", "z/2", "z/3", "z/4", "z/5",
        ];
        foreach (var name in names)
        {
            await WriteAsync(new BlobName(name), "x");
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), await NamesAsync(""));
        Assert.Equal(["audit/b", "audit/c"], await NamesAsync("audit/"));
        Assert.Equal(["audit", "audit/b", "audit/c", "auditors/x"], await NamesAsync("audit"));
        Assert.Equal(["exports/y", "exports/z"], await NamesAsync("exports/"));
    }

    [Fact]
    public async Task What_is_kept_first_is_kept_for_all()
    {
        var kept = await Task.WhenAll(Enumerable.Range(0, 8).Select(who => Task.Run(async () =>
            (await account.Opened.WriteOnce.KeepAsync("hash-key", new byte[] { (byte)who }, Cancellation)).ToArray())));

        Assert.All(kept, value => Assert.Equal(kept[0], value));
        Assert.Equal(kept[0], (await account.Opened.WriteOnce.KeepAsync("hash-key", new byte[] { 99 }, Cancellation)).ToArray());
    }

    private void Strike(FaultRule rule) => AzuriteOfTests.Server.Faults.Add(rule with { Service = "blobs", Path = '/' + account.Prefix });

    private Task<bool> WriteAsync(BlobName name, string text) =>
        Blobs.WriteAsync(name, new MemoryStream(Encoding.UTF8.GetBytes(text)), Cancellation).AsTask();

    private async Task<byte[]?> ReadAsync(BlobName name)
    {
        await using var content = await Blobs.OpenReadAsync(name, Cancellation);
        if (content is null)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, Cancellation);
        return bytes.ToArray();
    }

    private async Task<List<string>> NamesAsync(string prefix) =>
        await Blobs.ListAsync(prefix, Cancellation).Select(static name => name.Text).ToListAsync(Cancellation);

    private async Task<BlobProperties> PropertiesAsync(BlobName name) =>
        await ClientOf(Tenant, name).GetPropertiesAsync(cancellationToken: Cancellation);

    private BlobClient ClientOf(TenantId tenant, BlobName name) =>
        new BlobContainers(account.Options, AzuriteOfTests.Server.Credential(), AzuriteOfTests.Server.Doors())[BlobLifecycle.Audit]
            .GetBlobClient($"{tenant.Text}/{name.Text}");
}
