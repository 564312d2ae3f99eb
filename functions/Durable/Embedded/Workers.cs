using PracticPro.Durable.Execution;

namespace PracticPro.Durable.Embedded;

/// <summary>What runs off the hub's thread needs: the code, its services, and the way back.</summary>
internal sealed record Workers(
    DurableRegistry Registry,
    IServiceProvider Services,
    ILoggerFactory Loggers,
    TimeProvider Time,
    CommandQueue Queue,
    CancellationToken Stopping)
{
    public ILogger Log { get; } = Loggers.CreateLogger("PracticPro.Durable");

    public ActivityRunner Activities { get; } =
        new(Registry, Services, Loggers.CreateLogger("PracticPro.Durable"));

    public TurnJob Turn(InstanceCell cell, List<InboxMessage> messages, List<byte[]> past) =>
        new(this, cell, messages, past);

    public ActivityJob Activity(TaskRow task, InstanceId instance) => new(this, task, instance);
}
