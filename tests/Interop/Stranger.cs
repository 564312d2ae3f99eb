using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PracticPro.Interop;

/// <summary>Microsoft's own worker and client, connected to a hub of ours.</summary>
public sealed class Stranger : IAsyncDisposable
{
    private readonly IHost host;

    private Stranger(IHost host) => this.host = host;

    public DurableTaskClient Client => host.Services.GetRequiredService<DurableTaskClient>();

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A minute of real time, after which a test has failed.</summary>
    public static CancellationToken Patience
    {
        get
        {
            var source = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            source.CancelAfter(TimeSpan.FromMinutes(1));
            return source.Token;
        }
    }

    /// <param name="tasks">What its worker can run. Null for a client alone.</param>
    public static async Task<Stranger> ConnectAsync(
        HubProcess hub,
        Action<DurableTaskRegistry>? tasks,
        Action<IDurableTaskWorkerBuilder>? set = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.Services.AddDurableTaskClient(client => client.UseGrpc(hub.Address.GetLeftPart(UriPartial.Authority)));
        if (tasks is not null)
        {
            builder.Services.AddDurableTaskWorker(worker =>
            {
                worker.AddTasks(tasks);
                worker.UseGrpc(hub.Address.GetLeftPart(UriPartial.Authority));
                set?.Invoke(worker);
            });
        }

        var host = builder.Build();
        await host.StartAsync(Cancellation);
        return new Stranger(host);
    }

    /// <summary>Starts one and waits for its end.</summary>
    public async Task<OrchestrationMetadata> RunAsync(string name, object? input = null, StartOrchestrationOptions? options = null)
    {
        var id = await Client.ScheduleNewOrchestrationInstanceAsync(name, input, options ?? new(), Patience);
        return await EndAsync(id);
    }

    public async Task<OrchestrationMetadata> EndAsync(string id) =>
        await Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, Patience);

    /// <summary>Polls until the instance is in that state.</summary>
    public async Task<OrchestrationMetadata> UntilAsync(string id, OrchestrationRuntimeStatus status)
    {
        var patience = Patience;
        while (true)
        {
            var found = await Client.GetInstanceAsync(id, getInputsAndOutputs: true, patience);
            if (found?.RuntimeStatus == status)
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }
}
