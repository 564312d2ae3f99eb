using Grpc.Core;
using PracticPro.Durable.Execution;

namespace PracticPro.Durable.Remote;

/// <summary>
/// Runs our workflows for an engine elsewhere: Durable Task Scheduler, or a hub that another process serves. Connects,
/// takes work as it comes, answers under its token. Whatever breaks, it connects again; what it had in hand then is the
/// engine's to offer anew, and an answer that comes too late is dropped. So activities are delivered at least once.
/// </summary>
internal sealed class RemoteWorker(
    IHubChannel channel,
    DurableRegistry registry,
    ActivityRunner activities,
    ILoggerFactory loggers,
    TimeProvider time,
    RemoteWorkerOptions options)
{
    private readonly ILogger log = loggers.CreateLogger("PracticPro.Durable.Remote");

    /// <summary>Works until it is cancelled. Does not throw.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var wait = options.FirstWait;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await WorkAsync(() => wait = options.FirstWait, stopping);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken)
            {
                RemoteLog.Disconnected(log, Kind(broken));
            }

            try
            {
                await Task.Delay(wait, time, stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            wait = wait * 2 < options.LongestWait ? wait * 2 : options.LongestWait;
        }
    }

    /// <summary>One connection, until it ends.</summary>
    /// <param name="heard">Called when the engine has sent something.</param>
    private async Task WorkAsync(Action heard, CancellationToken stopping)
    {
        var client = channel.Client;
        using (var limit = new CancellationTokenSource(options.HelloLimit, time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping))
        {
            await client.HelloAsync(new(), cancellationToken: either.Token);
        }

        // What runs for this connection ends with it: its answers would be worth nothing.
        using var connection = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var silence = new CancellationTokenSource(options.SilenceLimit, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(connection.Token, silence.Token);
        var desk = new RemoteDesk(client, registry, activities, loggers, time);
        try
        {
            using var stream = client.GetWorkItems(Asking(), cancellationToken: end.Token);
            await foreach (var item in stream.ResponseStream.ReadAllAsync(end.Token))
            {
                silence.CancelAfter(options.SilenceLimit);
                heard();
                desk.Take(item, connection.Token);
            }
        }
        finally
        {
            await connection.CancelAsync();
        }
    }

    private Wire.GetWorkItemsRequest Asking()
    {
        var asking = new Wire.GetWorkItemsRequest
        {
            MaxConcurrentOrchestrationWorkItems = options.ConcurrentTurns,
            MaxConcurrentActivityWorkItems = options.ConcurrentActivities,
            WorkItemFilters = new(),
        };
        asking.Capabilities.Add(Wire.WorkerCapability.HistoryStreaming);
        asking.WorkItemFilters.Orchestrations.Add(registry.Orchestrations.Select(name => new Wire.NameFilter { Name = name }));
        asking.WorkItemFilters.Activities.Add(registry.Activities.Select(name => new Wire.NameFilter { Name = name }));
        return asking;
    }

    private static string Kind(Exception broken) => broken is RpcException rpc ? rpc.StatusCode.ToString() : broken.GetType().Name;
}
