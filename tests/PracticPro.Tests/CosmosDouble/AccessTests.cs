using System.Net;
using System.Security.Cryptography;
using Azure.Core;
using Microsoft.Azure.Cosmos;
using PracticPro.CosmosDouble;
using PracticPro.CosmosDouble.Wire;
using PracticPro.Loopback;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.CosmosDouble;

public sealed class AccessTests
{
    private static readonly PartitionKey Anna = new("anna");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_a_token_of_this_family_for_this_service_is_let_in()
    {
        await using var rig = await CosmosRig.StartAsync();
        var others = LoopbackTokens.OpenOrMake(Directory.CreateTempSubdirectory("others-").FullName);
        var now = TimeProvider.System.GetUtcNow();

        await RefusedAsync(rig, others.Mint("https://127.0.0.1", now, TimeSpan.FromHours(1)));
        await RefusedAsync(rig, rig.Server.Tokens.Mint("https://vault.azure.net", now, TimeSpan.FromHours(1)));
        await RefusedAsync(rig, rig.Server.Tokens.Mint("https://127.0.0.1", now - TimeSpan.FromHours(2), TimeSpan.FromHours(1)));
        await RefusedAsync(rig, "nonsense");
    }

    [Fact]
    public async Task A_token_manages_nothing_where_the_service_s_own_rule_is_wanted()
    {
        var folder = Directory.CreateTempSubdirectory("cosmos-strict-").FullName;
        await using var server = await CosmosServer.StartAsync(
            new() { Identity = folder, AllowManagementByToken = false }, TimeProvider.System, Cancellation);
        using var client = new CosmosClient(
            server.Endpoint.ToString(), new LoopbackCredential(server.Tokens, TimeProvider.System), CosmosRig.OptionsFor(server.Endpoint, server.Authority));

        var refused = await PointTests.RefusedAsync(HttpStatusCode.Forbidden, () => client.CreateDatabaseAsync("practice"));

        Assert.Equal(Refusal.NotByToken, refused.SubStatusCode);
    }

    [Fact]
    public async Task The_primary_key_signs_and_another_key_does_not()
    {
        var key = RandomKey();
        await using var rig = await CosmosRig.StartAsync(with: options => options with { PrimaryKey = key });

        var byKey = rig.ConnectBy(key).GetContainer("practice", "items");
        await byKey.CreateItemAsync(new Note("with space & ä", "anna", ""), Anna, cancellationToken: Cancellation);
        var (rows, _) = await CosmosRig.AllAsync(byKey.GetItemQueryIterator<Note>("SELECT * FROM c"));

        Assert.Single(rows);
        await PointTests.RefusedAsync(
            HttpStatusCode.Unauthorized,
            () => rig.ConnectBy(RandomKey()).GetContainer("practice", "items").ReadItemAsync<Note>("a", Anna));
    }

    [Fact]
    public async Task An_account_without_a_key_knows_no_key_and_no_users()
    {
        await using var rig = await CosmosRig.StartAsync();

        await PointTests.RefusedAsync(
            HttpStatusCode.Unauthorized,
            () => rig.ConnectBy(RandomKey()).GetContainer("practice", "items").ReadItemAsync<Note>("a", Anna));
        await PointTests.RefusedAsync(HttpStatusCode.Forbidden, () => rig.Database.CreateUserAsync("anna"));
    }

    [Fact]
    public async Task A_resource_token_reaches_its_own_partition_key_only()
    {
        var key = RandomKey();
        await using var rig = await CosmosRig.StartAsync(with: options => options with { PrimaryKey = key });
        await rig.PutAsync("anna", 2);
        await rig.PutAsync("berta", 2);

        var anna = await ByPermissionAsync(rig, key, PermissionMode.All, Anna);
        await anna.CreateItemAsync(new Note("own", "anna", ""), Anna, cancellationToken: Cancellation);
        var (rows, _) = await CosmosRig.AllAsync(anna.GetItemQueryIterator<Note>(
            "SELECT * FROM c", requestOptions: new QueryRequestOptions { PartitionKey = Anna }));

        Assert.Equal(3, rows.Count);
        var berta = new PartitionKey("berta");
        await PointTests.RefusedAsync(HttpStatusCode.Forbidden, () => anna.ReadItemAsync<Note>("n-000", berta));
        await PointTests.RefusedAsync(HttpStatusCode.Forbidden, () => anna.CreateItemAsync(new Note("x", "berta", ""), berta));
        await PointTests.RefusedAsync(
            HttpStatusCode.Forbidden, () => CosmosRig.AllAsync(anna.GetItemQueryIterator<Note>("SELECT * FROM c")));
    }

    [Fact]
    public async Task A_resource_token_for_reading_does_not_write()
    {
        var key = RandomKey();
        await using var rig = await CosmosRig.StartAsync(with: options => options with { PrimaryKey = key });
        await rig.PutAsync("anna", 1);

        var reader = await ByPermissionAsync(rig, key, PermissionMode.Read, Anna);

        Assert.NotNull((await reader.ReadItemAsync<Note>("n-000", Anna, cancellationToken: Cancellation)).Resource);
        await PointTests.RefusedAsync(HttpStatusCode.Forbidden, () => reader.UpsertItemAsync(new Note("n-000", "anna", ""), Anna));
    }

    [Fact]
    public async Task A_resource_token_ends()
    {
        var clock = new FakeClock(TimeProvider.System.GetUtcNow());
        var key = RandomKey();
        await using var rig = await CosmosRig.StartAsync(clock, with: options => options with { PrimaryKey = key });
        await rig.PutAsync("anna", 1);
        var reader = await ByPermissionAsync(rig, key, PermissionMode.Read, Anna, seconds: 600);

        clock.Advance(TimeSpan.FromSeconds(601));

        await PointTests.RefusedAsync(HttpStatusCode.Unauthorized, () => reader.ReadItemAsync<Note>("n-000", Anna));
        var user = rig.ConnectBy(key).GetDatabase("practice").GetUser("one");
        await PointTests.RefusedAsync(
            HttpStatusCode.BadRequest, () => user.GetPermission("items").ReadAsync(24 * 3600 + 1));
    }

    private static async Task<Container> ByPermissionAsync(
        CosmosRig rig, string key, PermissionMode mode, PartitionKey partitionKey, int? seconds = null)
    {
        var database = rig.ConnectBy(key).GetDatabase("practice");
        var user = (await database.UpsertUserAsync("one", cancellationToken: Cancellation)).User;
        var permission = await user.CreatePermissionAsync(
            new PermissionProperties("items", mode, rig.Items, partitionKey), seconds, cancellationToken: Cancellation);
        return rig.ConnectBy(permission.Resource.Token).GetContainer("practice", "items");
    }

    private static string RandomKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));

    private static Task<CosmosException> RefusedAsync(CosmosRig rig, string token) => PointTests.RefusedAsync(
        HttpStatusCode.Unauthorized,
        async () =>
        {
            using var client = new CosmosClient(rig.Server.Endpoint.ToString(), new FixedCredential(token), rig.Options(null));
            await client.GetContainer("practice", "items").ReadItemAsync<Note>("a", Anna, cancellationToken: Cancellation);
        });

    private sealed class FixedCredential(string token) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(token, TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1));

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
