using System.Net;
using Microsoft.Azure.Cosmos;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>The store is not as this program needs it; the sentences say what to do. Nothing was touched.</summary>
internal sealed class CosmosLayoutException(IEnumerable<string> findings)
    : Exception("Cosmos DB is not as this program needs it: " + string.Join("; ", findings) + ".");

/// <summary>
/// Looks whether account, databases and containers are as they must be, and makes what is missing where that is allowed.
/// A program that would keep its records wrongly does not start.
/// </summary>
internal sealed class VerifyLayout(CosmosAccount account, CosmosOptions options, ILogger log)
{
    /// <summary>The account, the fleet and the shared home.</summary>
    /// <exception cref="CosmosLayoutException">Something is not as it must be.</exception>
    /// <exception cref="StorageUnavailableException">The account does not answer.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var properties = await AroundAsync(account.Client.ReadAccountAsync, cancellation);
        List<string> findings = [];
        if (properties!.Consistency.DefaultConsistencyLevel is not (ConsistencyLevel.BoundedStaleness or ConsistencyLevel.Strong))
        {
            findings.Add(
                "the account's default consistency must be Bounded Staleness or Strong, since one process must read what another wrote");
        }

        findings.AddRange(await FindingsAsync(HomeName.Shared, CosmosLayout.FleetContainer(), cancellation));
        findings.AddRange(await FindingsAsync(HomeName.Shared, CosmosLayout.RecordsContainer(), cancellation));
        Refuse(findings);
        CosmosLog.Verified(log);
    }

    /// <summary>A home, before tenants are moved to it.</summary>
    /// <inheritdoc cref="RunAsync(CancellationToken)" path="/exception"/>
    public async Task RunAsync(HomeName home, CancellationToken cancellation) =>
        Refuse(await FindingsAsync(home, CosmosLayout.RecordsContainer(), cancellation));

    private static void Refuse(List<string> findings)
    {
        if (findings.Count > 0)
        {
            throw new CosmosLayoutException(findings);
        }
    }

    private async Task<List<string>> FindingsAsync(
        HomeName home, ContainerProperties wanted, CancellationToken cancellation)
    {
        var database = home.IsShared ? options.Database : home.Text;
        if (options.CreateMissing)
        {
            await AroundAsync(
                async () => await account.Client.CreateDatabaseIfNotExistsAsync(database, cancellationToken: cancellation),
                cancellation);
            await AroundAsync(
                async () => await account.Client.GetDatabase(database)
                    .CreateContainerIfNotExistsAsync(wanted, cancellationToken: cancellation),
                cancellation);
        }

        var found = await AroundAsync(
            async () => (await account.Client.GetContainer(database, wanted.Id)
                .ReadContainerAsync(cancellationToken: cancellation)).Resource,
            cancellation);
        return found is null
            ? [$"container {wanted.Id} of {(home.IsShared ? $"database {database}" : "a tenant's own database")} is missing; deploy infra/, or set Azure:Cosmos:CreateMissing where that is allowed"]
            : [.. CosmosLayout.Differences(found, wanted)];
    }

    /// <summary>What the call gives, or null when the service says that it is not there.</summary>
    private static async Task<T?> AroundAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await call();
        }
        catch (CosmosException missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (Exception thrown) when (CosmosTrouble.StatusOf(thrown, cancellation) is { } trouble)
        {
            throw CosmosTrouble.Explain(trouble.Status, trouble.SubStatus);
        }
    }
}
