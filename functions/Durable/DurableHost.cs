using PracticPro.Durable.Embedded;

namespace PracticPro.Durable;

/// <summary>
/// Starts the hub with the program and stops it before the program ends. A hub that breaks takes the program down:
/// it would accept nothing and run nothing, and a fresh start goes on from the disk.
/// </summary>
internal sealed class DurableHost(EmbeddedHub hub, IHostApplicationLifetime lifetime, ILogger<DurableHost> log)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        hub.Start();
        _ = WatchAsync();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        hub.Ended.IsCompleted ? Task.CompletedTask : hub.StopAsync(cancellationToken);

    private async Task WatchAsync()
    {
        try
        {
            await hub.Ended;
        }
        catch (Exception broken)
        {
            DurableLog.Broke(log, broken.GetType().Name);
            lifetime.StopApplication();
        }
    }
}
