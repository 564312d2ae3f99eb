namespace PracticPro.Durable.Embedded;

/// <summary>The tables of one open file.</summary>
internal sealed class HubTables(HubFile file)
{
    public InstanceRows Instances { get; } = new(file);

    public HistoryRows History { get; } = new(file);

    public InboxRows Inbox { get; } = new(file);

    public TaskRows Tasks { get; } = new(file);

    public TimerRows Timers { get; } = new(file);

    public DeliveryRows Deliveries { get; } = new(file);

    public OutsideRows Outside { get; } = new(file);
}
