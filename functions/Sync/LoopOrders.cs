using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync;

/// <summary>Orders to a connection's loop, to be written with the change they follow from.</summary>
internal static class LoopOrders
{
    /// <summary>Says that there may be news. However many say so while they wait, one look sees to them all.</summary>
    /// <param name="stream">Where; null for anywhere.</param>
    /// <param name="orderId">Equal for equal orders; a repeat within seven days is dropped.</param>
    public static Operation Nudge(TenantId tenant, Connection connection, StreamName? stream, string orderId) =>
        WorkflowOutbox.Raise(KeepInStep.InstanceOf(tenant, connection), KeepInStep.Nudge, new StreamNudge(stream), orderId, merges: true);
}
