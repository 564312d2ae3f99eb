namespace PracticPro.Durable.Remote;

/// <summary>Works for the engine as long as the program runs.</summary>
internal sealed class RemoteWorkerHost(RemoteWorker worker) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => worker.RunAsync(stoppingToken);
}
