using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Cosmos;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// The fleet's entries in the container <c>fleet</c>, each in a partition of its own, named by a hash of its key; and the
/// register of tenants, in one partition, which says as well where each of them lives.
/// </summary>
internal sealed class CosmosFleet(CosmosAccount account, CosmosCalls calls, Placements placements) : IFleet
{
    private const string Kind = "entry";

    public async IAsyncEnumerable<TenantId> TenantsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var placement in placements.AllAsync(cancellation))
        {
            yield return placement.Tenant;
        }
    }

    public async ValueTask<FleetEntry?> FindAsync(FleetKey key, CancellationToken cancellation) =>
        await ReadAsync(PartitionOf(key), cancellation) is { } item ? Entry(item) : null;

    public async ValueTask<bool> ClaimAsync(FleetKey key, FleetEntry entry, CancellationToken cancellation)
    {
        var partition = PartitionOf(key);
        StorageLimits.CheckId(entry.Reference, "reference");
        var text = ItemText.OfFleet(partition, Kind, Kind, WriteId.New(), json =>
        {
            json.WriteString("tenant", entry.Tenant.Text);
            json.WriteString("reference", entry.Reference);
        });
        using var answer = await calls.AskAsync(
            "fleet",
            token => account.Fleet.CreateItemStreamAsync(Placements.Body(text), new PartitionKey(partition), null, token),
            cancellation);

        // There is one already: another's, or the very same, perhaps by a first try whose answer was lost.
        return answer.IsSuccessStatusCode
            || (await ReadAsync(partition, cancellation) is { } item && Entry(item) == entry);
    }

    public async ValueTask ReleaseAsync(FleetKey key, FleetEntry entry, CancellationToken cancellation)
    {
        var partition = PartitionOf(key);
        if (await ReadAsync(partition, cancellation) is not { } item || Entry(item) != entry)
        {
            return;
        }

        // Refused when it changed since: then it is no longer exactly this one.
        using var answer = await calls.AskAsync(
            "fleet",
            token => account.Fleet.DeleteItemStreamAsync(
                Kind, new PartitionKey(partition), new ItemRequestOptions { IfMatchEtag = item.Version }, token),
            cancellation);
    }

    private static FleetEntry Entry(StoredItem item) => TenantId.TryParse(item.Text("tenant"), out var tenant)
        ? new FleetEntry(tenant, item.Text("reference"))
        : throw new StorageCorruptException("an entry of the fleet cannot be read");

    private static string PartitionOf(FleetKey key)
    {
        StorageLimits.CheckName(key.Directory, "directory");
        if (key.KeyedHash is not { Length: > 0 and <= StorageLimits.MaximumIdLength })
        {
            throw new ArgumentException("A keyed hash is 1–200 characters.");
        }

        // A directory has no colon: no two keys give the same text.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{key.Directory}:{key.KeyedHash}"));
        return "e:" + Convert.ToHexStringLower(hash);
    }

    private ValueTask<StoredItem?> ReadAsync(string partition, CancellationToken cancellation) =>
        calls.ReadAsync(account.Fleet, new PartitionKey(partition), Kind, cancellation);
}
