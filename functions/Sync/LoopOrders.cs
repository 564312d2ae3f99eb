using System.Globalization;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync;

/// <summary>Orders to a connection's loop, to be written with the change they follow from.</summary>
internal static class LoopOrders
{
    /// <summary>Of more streams than this the loop looks at all.</summary>
    private const int MostNamed = 8;

    /// <summary>There may be news.</summary>
    /// <param name="streams">Where; a null among them means anywhere.</param>
    /// <param name="orderId">Equal for equal orders; a repeat within seven days is dropped.</param>
    public static IEnumerable<Operation> Nudge(
        TenantId tenant, Connection connection, IEnumerable<StreamName?> streams, string orderId)
    {
        var instance = KeepMailboxInStep.InstanceOf(tenant, connection);
        return [WorkflowOutbox.Raise(instance, KeepMailboxInStep.Nudge, Done.Value, orderId)];
    }
}
