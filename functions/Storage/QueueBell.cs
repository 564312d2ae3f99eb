using System.Threading.Channels;
using PracticPro.Kernel;

namespace PracticPro.Storage;

/// <summary>
/// Says that a tenant's queues were written to, inside this process. A convenience, not a promise: a ring is lost with
/// the process, so whoever waits for it also looks around by itself now and then. Rings of one tenant that nobody has
/// taken yet count once.
/// </summary>
internal sealed class QueueBell
{
    private readonly Channel<TenantId> rings = Channel.CreateUnbounded<TenantId>();
    private readonly HashSet<TenantId> pending = [];
    private readonly Lock gate = new();

    public void Ring(TenantId tenant)
    {
        lock (gate)
        {
            if (pending.Add(tenant))
            {
                rings.Writer.TryWrite(tenant);
            }
        }
    }

    /// <summary>The next tenant that was rung for.</summary>
    public async ValueTask<TenantId> NextAsync(CancellationToken cancellation)
    {
        var tenant = await rings.Reader.ReadAsync(cancellation);
        lock (gate)
        {
            pending.Remove(tenant);
        }

        return tenant;
    }
}
