using Google.Protobuf.WellKnownTypes;
using PracticPro.Durable.Embedded;
using PracticPro.Durable.History;
using PracticPro.Durable.Protocol;

namespace PracticPro.Durable.Serve;

/// <summary>An instance as clients see it. Its start stands in its first event and is read from there.</summary>
/// <param name="First">The oldest piece of history, or what waits in the inbox first; null when there is neither.</param>
internal sealed record InstanceView(OutsideRow Row, byte[]? First)
{
    /// <summary>On the hub's thread.</summary>
    public static InstanceView Of(HubCore core, OutsideRow row) => new(row, FirstOf(core, row.Key));

    public static HistoryEvent.ExecutionStarted? StartOf(byte[]? first) => first is null
        ? null
        : HistoryJson.Parse(first).OfType<HistoryEvent.ExecutionStarted>().FirstOrDefault();

    public static byte[]? FirstOf(HubCore core, long key) =>
        core.Tables.History.First(key) ?? core.Tables.Inbox.First(key);

    /// <param name="withPayloads">Also input, output and custom status.</param>
    public Wire.InstanceState ToWire(bool withPayloads, bool withFailure)
    {
        var (start, status) = (StartOf(First), Row.Status);
        var state = new Wire.InstanceState
        {
            InstanceId = status.Instance.Text,
            Name = status.Name,
            Version = start?.Version,
            OrchestrationStatus = (Wire.RuntimeStatus)status.Status,
            ScheduledStartTimestamp = start?.ScheduledStart?.ToTimestamp(),
            CreatedTimestamp = status.CreatedAt.ToTimestamp(),
            LastUpdatedTimestamp = status.UpdatedAt.ToTimestamp(),
            Input = withPayloads ? start?.Input : null,
            Output = withPayloads ? status.Output : null,
            CustomStatus = withPayloads ? status.CustomStatus : null,
            FailureDetails = withFailure ? WireFailures.ToWire(status.Failure) : null,
            ExecutionId = start?.ExecutionId,
            CompletedTimestamp = Row.CompletedAt?.ToTimestamp(),
            ParentInstanceId = start?.Parent?.InstanceId.Text,
        };
        state.Tags.Add(WireNotes.Tags(start?.Notes));
        return state;
    }
}
