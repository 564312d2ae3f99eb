using System.Runtime.CompilerServices;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Hosting.Poison;

/// <summary>
/// What a person does about messages that were given up on: sees whose they are, and has them tried again. Everything that
/// stands in a queue may be carried out twice, so nothing is harmed by trying.
/// </summary>
internal sealed class ReplayPoison(IFleet fleet, IStorage storage, IPlatformQueues platform)
{
    /// <summary>Owner of the queues that are no tenant's.</summary>
    public const string Platform = "platform";

    /// <summary>Every queue with messages that were given up on; of one tenant, or of all and the platform.</summary>
    /// <param name="tenants">Whose; empty for all of them and the platform.</param>
    public async IAsyncEnumerable<PoisonCount> ListAsync(
        IReadOnlyList<TenantId> tenants, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var tenant in OrAll(tenants, cancellation))
        {
            foreach (var queue in PoisonWatch.OfTenants)
            {
                if (await storage.For(tenant).Queue.CountPoisonAsync(queue, cancellation) is > 0 and var count)
                {
                    yield return new PoisonCount(tenant.Text, queue.Text, count);
                }
            }
        }

        foreach (var queue in tenants.Count == 0 ? platform.Names : [])
        {
            if (await platform.CountPoisonAsync(queue, cancellation) is > 0 and var count)
            {
                yield return new PoisonCount(Platform, queue, count);
            }
        }
    }

    /// <summary>Puts all of them back. Says how many of each queue.</summary>
    /// <inheritdoc cref="ListAsync" path="/param"/>
    public async IAsyncEnumerable<PoisonCount> RunAsync(
        IReadOnlyList<TenantId> tenants, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var tenant in OrAll(tenants, cancellation))
        {
            foreach (var queue in PoisonWatch.OfTenants)
            {
                if (await storage.For(tenant).Queue.ReplayPoisonAsync(queue, cancellation) is > 0 and var count)
                {
                    yield return new PoisonCount(tenant.Text, queue.Text, count);
                }
            }
        }

        foreach (var queue in tenants.Count == 0 ? platform.Names : [])
        {
            if (await platform.ReplayPoisonAsync(queue, cancellation) is > 0 and var count)
            {
                yield return new PoisonCount(Platform, queue, count);
            }
        }
    }

    private IAsyncEnumerable<TenantId> OrAll(IReadOnlyList<TenantId> tenants, CancellationToken cancellation) =>
        tenants.Count > 0 ? tenants.ToAsyncEnumerable() : fleet.TenantsAsync(cancellation);
}

/// <param name="Owner">A tenant id, or <see cref="ReplayPoison.Platform"/>.</param>
internal sealed record PoisonCount(string Owner, string Queue, long Count);
