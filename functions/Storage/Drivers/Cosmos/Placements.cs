using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Azure.Cosmos;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// Which home each tenant has. A settled placement is believed for <see cref="CosmosOptions.PlacementLifetime"/>; one that
/// is in motion is looked up for every call. A tenant is registered before its first write.
/// </summary>
internal sealed class Placements(CosmosAccount account, CosmosCalls calls, CosmosOptions options, TimeProvider time)
{
    private static readonly PartitionKey Register = new(Placement.Partition);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(40);
    private readonly ConcurrentDictionary<TenantId, (Placement Placement, long At)> known = new();

    /// <summary>Where the tenant is read; null when it never wrote.</summary>
    public async ValueTask<Placement?> FindAsync(TenantId tenant, CancellationToken cancellation)
    {
        if (known.TryGetValue(tenant, out var found) && calls.Pace.GetElapsedTime(found.At) < options.PlacementLifetime)
        {
            return found.Placement;
        }

        // The lifetime counts from before the look, so that a slow answer is not believed for longer.
        var at = calls.Pace.GetTimestamp();
        if (await ReadAsync(tenant, cancellation) is not { } placement)
        {
            return null;
        }

        if (placement.State == PlacementState.Settled)
        {
            known[tenant] = (placement, at);
        }
        else
        {
            known.TryRemove(tenant, out _);
        }

        return placement;
    }

    /// <summary>Where the tenant writes: registers it when it is new, waits when it is changing its home.</summary>
    /// <exception cref="StorageUnavailableException">It is still changing its home.</exception>
    public async ValueTask<Placement> ForWritingAsync(TenantId tenant, CancellationToken cancellation)
    {
        var start = calls.Pace.GetTimestamp();
        while (true)
        {
            switch (await FindAsync(tenant, cancellation))
            {
                case null:
                    await RegisterAsync(tenant, cancellation);
                    break;
                case { State: PlacementState.New } made:
                    await MakeFirstGateAsync(made, cancellation);
                    break;
                case { TakesWrites: true } home:
                    return home;
                default:
                    if (calls.Pace.GetElapsedTime(start) > options.MoveWait)
                    {
                        throw new StorageUnavailableException("the practice is changing its home");
                    }

                    await Task.Delay(LookAgain, calls.Pace, cancellation);
                    break;
            }
        }
    }

    /// <summary>What was believed of the tenant is not so.</summary>
    public void Forget(TenantId tenant) => known.TryRemove(tenant, out _);

    /// <summary>Every registered tenant, in ordinal order.</summary>
    public async IAsyncEnumerable<Placement> AllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var query = new QueryDefinition(CosmosQueries.Tenants);
        await foreach (var row in calls.QueryAsync(account.Fleet, Register, query, 500, cancellation))
        {
            yield return Placement.Read(new StoredItem(row));
        }
    }

    public async ValueTask<Placement?> ReadAsync(TenantId tenant, CancellationToken cancellation) =>
        await calls.ReadAsync(account.Fleet, Register, tenant.Text, cancellation) is { } item ? Placement.Read(item) : null;

    /// <summary>
    /// The next placement, if the register still holds that one: the new one as it is stored, or null when somebody else
    /// changed it.
    /// </summary>
    public async ValueTask<Placement?> ReplaceAsync(Placement next, CancellationToken cancellation)
    {
        var write = WriteId.New();
        var dated = next with { Since = time.GetUtcNow().ToUnixTimeMilliseconds() };
        using var answer = await calls.AskAsync(
            "register",
            token => account.Fleet.ReplaceItemStreamAsync(
                Body(dated.Write(write)), next.Tenant.Text, Register, new ItemRequestOptions { IfMatchEtag = next.Version }, token),
            cancellation);
        Forget(next.Tenant);
        if (answer.IsSuccessStatusCode)
        {
            return dated with { Version = answer.Headers.ETag };
        }

        // Asked again after an answer that got lost, the first may have gone through.
        return await calls.ReadAsync(account.Fleet, Register, next.Tenant.Text, cancellation) is { } item && item.IsOf(write)
            ? Placement.Read(item)
            : null;
    }

    /// <summary>Makes a gate; true when it was not there. Making it again changes nothing.</summary>
    public async ValueTask<bool> MakeGateAsync(
        TenantId tenant, HomeName home, string gate, CancellationToken cancellation)
    {
        var item = ItemText.OfTenant(tenant, gate, "gate", WriteId.New(), static _ => { });
        using var answer = await calls.AskAsync(
            "gate",
            token => account.Records(home).CreateItemStreamAsync(Body(item), new PartitionKey(tenant.Text), null, token),
            cancellation);
        return answer.StatusCode == HttpStatusCode.Created;
    }

    /// <summary>Takes a gate away. From when this returned, no new batch passes it.</summary>
    public async ValueTask RemoveGateAsync(TenantId tenant, HomeName home, string gate, CancellationToken cancellation)
    {
        using var answer = await calls.AskAsync(
            "gate",
            token => account.Records(home).DeleteItemStreamAsync(gate, new PartitionKey(tenant.Text), null, token),
            cancellation);
    }

    public static MemoryStream Body(ReadOnlyMemory<byte> text) => new(text.ToArray(), writable: false);

    private async ValueTask RegisterAsync(TenantId tenant, CancellationToken cancellation)
    {
        var fresh = new Placement(
            tenant, HomeName.Shared, 1, PlacementState.New, Since: time.GetUtcNow().ToUnixTimeMilliseconds());
        using var answer = await calls.AskAsync(
            "register",
            token => account.Fleet.CreateItemStreamAsync(Body(fresh.Write(WriteId.New())), Register, null, token),
            cancellation);
    }

    // A gate is made only for a placement that is new. Whoever was slow, and made it after the tenant settled and moved
    // on, takes it back before anybody uses it: the move waited until nobody believed the old placement any more.
    private async ValueTask MakeFirstGateAsync(Placement fresh, CancellationToken cancellation)
    {
        var gate = ItemName.Gate(fresh.Epoch);
        await MakeGateAsync(fresh.Tenant, fresh.Home, gate, cancellation);
        if (await ReplaceAsync(fresh with { State = PlacementState.Settled }, cancellation) is null
            && await ReadAsync(fresh.Tenant, cancellation) is { } other
            && (other.Epoch != fresh.Epoch || !other.TakesWrites))
        {
            await RemoveGateAsync(fresh.Tenant, fresh.Home, gate, cancellation);
        }
    }
}
