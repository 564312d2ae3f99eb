using System.Collections.Concurrent;
using System.Net;
using Azure;
using Microsoft.Azure.Cosmos;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// A wall that the database itself holds, beside the vault's: each tenant is reached with a resource token of its own, which
/// the service binds to the tenant's partition key. With it no request of this program, whatever is wrong with it, reads or
/// writes another tenant's partition.
/// <para>Tokens are made with the account's key, so this is for accounts where a key is allowed. The program's accounts on
/// Azure have none (local authorization is off): a key that must not exist cannot leak. Decision 0017.</para>
/// Costs a client a tenant. Source: https://learn.microsoft.com/azure/cosmos-db/secure-access-to-data, resource tokens.
/// </summary>
/// <param name="key">The account's key, from the settings of the running program only.</param>
internal sealed class TenantTokens(
    CosmosOptions options, SecretText key, Func<Uri, HttpClient> clients, TimeProvider time) : IDisposable
{
    private const string PermissionName = "records";
    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(10);

    private readonly CosmosClient owner = new(
        options.Endpoint, key.Reveal("Makes the tenants' resource tokens."), CosmosAccount.Settings(options, clients));

    private readonly ConcurrentDictionary<(TenantId Tenant, HomeName Home), Door> doors = new();
    private readonly SemaphoreSlim making = new(1);

    /// <summary>The records of a home as this tenant may see them.</summary>
    public async ValueTask<Container> RecordsAsync(TenantId tenant, HomeName home, CancellationToken cancellation)
    {
        if (!doors.TryGetValue((tenant, home), out var door) || time.GetUtcNow() >= door.RenewAt)
        {
            door = await MakeAsync(tenant, home, cancellation);
        }

        return door.Client.GetContainer(DatabaseOf(home), CosmosLayout.Records);
    }

    public void Dispose()
    {
        foreach (var door in doors.Values)
        {
            door.Client.Dispose();
        }

        owner.Dispose();
    }

    private string DatabaseOf(HomeName home) => home.IsShared ? options.Database : home.Text;

    private async Task<Door> MakeAsync(TenantId tenant, HomeName home, CancellationToken cancellation)
    {
        await making.WaitAsync(cancellation);
        try
        {
            var old = doors.GetValueOrDefault((tenant, home));
            if (old is not null && time.GetUtcNow() < old.RenewAt)
            {
                return old;
            }

            var renewAt = time.GetUtcNow() + GoodFor - RenewBefore;
            var token = await TokenAsync(tenant, home, cancellation);
            if (old is not null)
            {
                // The client goes on with the new token: nothing under way is disturbed.
                old.Credential.Update(token);
                return doors[(tenant, home)] = old with { RenewAt = renewAt };
            }

            var credential = new AzureKeyCredential(token);
            var client = new CosmosClient(options.Endpoint, credential, CosmosAccount.Settings(options, clients));
            return doors[(tenant, home)] = new Door(client, credential, renewAt);
        }
        finally
        {
            making.Release();
        }
    }

    // Read, not replaced: a replaced permission would end the tokens of other processes.
    private async Task<string> TokenAsync(TenantId tenant, HomeName home, CancellationToken cancellation)
    {
        var database = owner.GetDatabase(DatabaseOf(home));
        var seconds = (int)GoodFor.TotalSeconds;
        try
        {
            var permission = database.GetUser(tenant.Text).GetPermission(PermissionName);
            return await FoundAsync(() => permission.ReadAsync(seconds, null, cancellation))
                ?? await MadeAsync(database, tenant, seconds, cancellation)
                ?? await FoundAsync(() => permission.ReadAsync(seconds, null, cancellation))
                ?? throw new StorageUnavailableException("the service gives no token for a tenant");
        }
        catch (Exception thrown) when (CosmosTrouble.StatusOf(thrown, cancellation) is { } trouble)
        {
            throw CosmosTrouble.Explain(trouble.Status, trouble.SubStatus);
        }
    }

    private static async Task<string?> MadeAsync(
        Database database, TenantId tenant, int seconds, CancellationToken cancellation)
    {
        try
        {
            await database.CreateUserAsync(tenant.Text, null, cancellation);
        }
        catch (CosmosException answer) when (answer.StatusCode == HttpStatusCode.Conflict)
        {
            // It is there already.
        }

        var permission = new PermissionProperties(
            PermissionName, PermissionMode.All, database.GetContainer(CosmosLayout.Records), new PartitionKey(tenant.Text));
        return await FoundAsync(() => database.GetUser(tenant.Text).CreatePermissionAsync(permission, seconds, null, cancellation));
    }

    private static async Task<string?> FoundAsync(Func<Task<PermissionResponse>> call)
    {
        try
        {
            return (await call()).Resource.Token;
        }
        catch (CosmosException answer) when (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            return null;
        }
    }

    private sealed record Door(CosmosClient Client, AzureKeyCredential Credential, DateTimeOffset RenewAt);
}
