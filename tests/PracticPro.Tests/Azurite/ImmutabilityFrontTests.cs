using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Core.Pipeline;
using PracticPro.Azurite;
using PracticPro.Tests.Storage.Drivers;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Azurite;

/// <summary>What the front adds to Azurite, as the real SDK meets it. One account of its own, whose policies end by a clock that is moved.</summary>
public sealed class ImmutabilityFrontTests(ImmutabilityFrontTests.Account account) : IClassFixture<ImmutabilityFrontTests.Account>, IAsyncLifetime
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    private BlobContainerClient container = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => account.Clock.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(account.Missing is not null, account.Missing ?? "");
        container = account.Service.GetBlobContainerClient($"{AzuriteOfTests.NewName()}worm");
        await container.CreateAsync(cancellationToken: Cancellation);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_blob_with_a_policy_can_be_neither_deleted_nor_changed_until_it_ends(bool inBlocks)
    {
        var blob = await WriteAsync(BlobImmutabilityPolicyMode.Unlocked, Year, inBlocks);

        await RefusedAsync(() => blob.DeleteAsync(cancellationToken: Cancellation));
        await RefusedAsync(() => blob.UploadAsync(Text("other"), cancellationToken: Cancellation));
        await RefusedAsync(() => blob.SetMetadataAsync(new Dictionary<string, string> { ["a"] = "b" }, cancellationToken: Cancellation));
        await RefusedAsync(() => blob.StageBlockAsync(Convert.ToBase64String([1, 2]), Text("x"), cancellationToken: Cancellation));
        account.Clock.Advance(Year + TimeSpan.FromMinutes(1));
        await RefusedAsync(() => blob.UploadAsync(Text("other"), cancellationToken: Cancellation));
        await blob.DeleteAsync(cancellationToken: Cancellation);
    }

    [Fact]
    public async Task A_policy_is_reported_as_it_was_set()
    {
        var blob = await WriteAsync(BlobImmutabilityPolicyMode.Unlocked, Year);
        var until = Now + (2 * Year);

        var said = (await blob.SetImmutabilityPolicyAsync(Policy(BlobImmutabilityPolicyMode.Locked, until), cancellationToken: Cancellation)).Value;
        var properties = (await blob.GetPropertiesAsync(cancellationToken: Cancellation)).Value;

        Assert.Equal(BlobImmutabilityPolicyMode.Locked, said.PolicyMode);
        Assert.Equal(until.ToUnixTimeSeconds(), said.ExpiresOn!.Value.ToUnixTimeSeconds());
        Assert.Equal(said.ExpiresOn, properties.ImmutabilityPolicy.ExpiresOn);
        Assert.Equal(BlobImmutabilityPolicyMode.Locked, properties.ImmutabilityPolicy.PolicyMode);
        Assert.False(properties.HasLegalHold);
    }

    [Fact]
    public async Task A_locked_policy_is_only_made_longer()
    {
        var blob = await WriteAsync(BlobImmutabilityPolicyMode.Locked, Year);

        await RefusedAsync(() => blob.SetImmutabilityPolicyAsync(Policy(BlobImmutabilityPolicyMode.Locked, Now + Year - TimeSpan.FromDays(1)), cancellationToken: Cancellation));
        await RefusedAsync(() => blob.SetImmutabilityPolicyAsync(Policy(BlobImmutabilityPolicyMode.Unlocked, Now + (2 * Year)), cancellationToken: Cancellation));
        await RefusedAsync(() => blob.DeleteImmutabilityPolicyAsync(Cancellation));
        await blob.SetImmutabilityPolicyAsync(Policy(BlobImmutabilityPolicyMode.Locked, Now + (2 * Year)), cancellationToken: Cancellation);
        account.Clock.Advance(Year + TimeSpan.FromDays(1));
        await RefusedAsync(() => blob.DeleteAsync(cancellationToken: Cancellation));
    }

    [Fact]
    public async Task An_unlocked_policy_can_be_made_shorter_and_taken_away()
    {
        var blob = await WriteAsync(BlobImmutabilityPolicyMode.Unlocked, Year);

        await blob.SetImmutabilityPolicyAsync(Policy(BlobImmutabilityPolicyMode.Unlocked, Now + TimeSpan.FromDays(1)), cancellationToken: Cancellation);
        await blob.DeleteImmutabilityPolicyAsync(Cancellation);

        await blob.DeleteAsync(cancellationToken: Cancellation);
    }

    [Fact]
    public async Task A_legal_hold_outlasts_the_policy()
    {
        var blob = await WriteAsync(BlobImmutabilityPolicyMode.Locked, Year);

        Assert.True((await blob.SetLegalHoldAsync(true, Cancellation)).Value.HasLegalHold);
        account.Clock.Advance(Year + TimeSpan.FromDays(1));
        Assert.True((await blob.GetPropertiesAsync(cancellationToken: Cancellation)).Value.HasLegalHold);
        await RefusedAsync(() => blob.DeleteAsync(cancellationToken: Cancellation));
        await blob.SetLegalHoldAsync(false, Cancellation);
        await blob.DeleteAsync(cancellationToken: Cancellation);
    }

    [Fact]
    public async Task A_name_whose_blob_is_gone_is_a_fresh_name()
    {
        var blob = await WriteAsync(BlobImmutabilityPolicyMode.Unlocked, Year);
        await blob.DeleteImmutabilityPolicyAsync(Cancellation);
        await blob.DeleteAsync(cancellationToken: Cancellation);

        await blob.UploadAsync(Text("new"), cancellationToken: Cancellation);

        Assert.Null((await blob.GetPropertiesAsync(cancellationToken: Cancellation)).Value.ImmutabilityPolicy?.ExpiresOn);
        await blob.DeleteAsync(cancellationToken: Cancellation);
    }

    [Fact]
    public async Task A_write_that_was_refused_leaves_no_policy_behind()
    {
        var blob = container.GetBlockBlobClient("plain");
        await blob.UploadAsync(Text("first"), cancellationToken: Cancellation);

        await Assert.ThrowsAsync<RequestFailedException>(() => blob.UploadAsync(
            Text("second"),
            new BlobUploadOptions
            {
                ImmutabilityPolicy = Policy(BlobImmutabilityPolicyMode.Locked, Now + Year),
                Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
            },
            Cancellation));

        await blob.DeleteAsync(cancellationToken: Cancellation);
    }

    [Fact]
    public async Task A_policy_that_ends_before_it_begins_is_refused() =>
        Assert.Equal("InvalidHeaderValue", (await Assert.ThrowsAsync<RequestFailedException>(
            () => WriteAsync(BlobImmutabilityPolicyMode.Unlocked, -Year))).ErrorCode);

    [Fact]
    public async Task A_token_of_another_family_opens_nothing()
    {
        using var elsewhere = new TemporaryFolder();
        var stranger = new LoopbackCredential(PracticPro.Loopback.LoopbackTokens.OpenOrMake(elsewhere.Path), TimeProvider.System);

        var said = await Assert.ThrowsAsync<RequestFailedException>(
            () => account.ServiceOf(stranger).GetPropertiesAsync(Cancellation));

        Assert.Equal(401, said.Status);
    }

    private static MemoryStream Text(string text) => new(Encoding.UTF8.GetBytes(text));

    private static BlobImmutabilityPolicy Policy(BlobImmutabilityPolicyMode mode, DateTimeOffset until) => new() { PolicyMode = mode, ExpiresOn = until };

    private static async Task RefusedAsync(Func<Task> call)
    {
        var said = await Assert.ThrowsAsync<RequestFailedException>(call);
        Assert.Equal((409, "BlobImmutableDueToPolicy"), (said.Status, said.ErrorCode));
    }

    private async Task<BlockBlobClient> WriteAsync(BlobImmutabilityPolicyMode mode, TimeSpan time, bool inBlocks = false)
    {
        var blob = container.GetBlockBlobClient("blob");
        var policy = Policy(mode, Now + time);
        if (!inBlocks)
        {
            await blob.UploadAsync(Text("first"), new BlobUploadOptions { ImmutabilityPolicy = policy }, Cancellation);
            return blob;
        }

        var block = Convert.ToBase64String([1, 2, 3]);
        await blob.StageBlockAsync(block, Text("first"), cancellationToken: Cancellation);
        await blob.CommitBlockListAsync([block], new CommitBlockListOptions { ImmutabilityPolicy = policy }, Cancellation);
        return blob;
    }

    /// <summary>The account of these tests.</summary>
    public sealed class Account : IAsyncLifetime
    {
        private readonly TemporaryFolder folder = new();
        private AzuriteServer? server;

        internal FakeClock Clock { get; } = new();

        internal string? Missing { get; private set; }

        internal BlobServiceClient Service => ServiceOf(server!.Credential());

        public async ValueTask InitializeAsync() => (server, Missing) = await AzuriteServer.TryStartAsync(
            new AzuriteOptions { Folder = Path.Combine(folder.Path, "data"), Identity = Path.Combine(folder.Path, "identity"), Clock = Clock },
            CancellationToken.None);

        public async ValueTask DisposeAsync()
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }

            folder.Dispose();
        }

        internal BlobServiceClient ServiceOf(Azure.Core.TokenCredential credential) => new(
            server!.BlobEndpoint,
            credential,
            new BlobClientOptions { Transport = new HttpClientTransport(server.Doors()(server.BlobEndpoint)), Retry = { MaxRetries = 0 } });
    }
}
