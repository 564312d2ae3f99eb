using Microsoft.Extensions.DependencyInjection;
using PracticPro.Durable;
using PracticPro.Durable.Embedded;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Durable;

/// <summary>A hub with a fake clock; in memory, or in a folder that lasts as long as this object.</summary>
internal sealed class TestHub : IAsyncDisposable
{
    /// <summary>Of the fake clock: longer than any test lasts on it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(40);

    /// <summary>Of the real clock: a test that hangs ends here.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly DurableRegistry registry;
    private readonly DurableOptions options;

    private TestHub(DurableRegistry registry, DurableOptions options, Action? beforeWrite)
    {
        (this.registry, this.options, Clock) = (registry, options, new FakeClock());
        Hub = OpenAgain(beforeWrite);
    }

    public FakeClock Clock { get; }

    public string Folder => options.Folder ?? throw new InvalidOperationException("This hub is in memory.");

    public EmbeddedHub Hub { get; private set; }

    public HubClient Client => new(Hub);

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TestHub InMemory(Action<DurableRegistry> fill, Action<DurableOptions>? set = null) =>
        Make(fill, set, null);

    public static TestHub OnDisk(
        Action<DurableRegistry> fill,
        Action<DurableOptions>? set = null,
        Action? beforeWrite = null) =>
        Make(fill, set, Directory.CreateTempSubdirectory("hub-").FullName, beforeWrite);

    /// <summary>Stops the hub if it runs, and opens the same folder again.</summary>
    public async Task ReopenAsync(Action? beforeWrite = null)
    {
        await Hub.DisposeAsync();
        Hub = OpenAgain(beforeWrite);
    }

    public async Task<TOutput> RunAsync<TInput, TOutput>(
        OrchestrationName<TInput, TOutput> name,
        TInput input,
        string instance = "one")
    {
        var id = InstanceId.Parse(instance);
        Assert.Equal(StartOutcome.Started, await Client.StartAsync(name, id, input, Cancellation));
        return HubClient.OutputOf(name, await EndAsync(id));
    }

    /// <summary>The final status. Waits for it.</summary>
    public async Task<InstanceStatus> EndAsync(InstanceId instance)
    {
        var end = Client.WaitForCompletionAsync(instance, Patience, Cancellation).AsTask();
        var status = await end.WaitAsync(Limit, TimeProvider.System, Cancellation);
        return Assert.IsType<InstanceStatus>(status);
    }

    public async Task<InstanceStatus> StatusAsync(InstanceId instance) =>
        Assert.IsType<InstanceStatus>(await Client.GetStatusAsync(instance, Cancellation));

    public Task IdleAsync() => Hub.WhenIdleAsync(Cancellation).WaitAsync(Limit, TimeProvider.System, Cancellation);

    /// <summary>Lets the hub finish what it does, moves the clock, and lets it finish what that brought.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        await IdleAsync();
        Clock.Advance(by);
        await IdleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        if (options.Folder is not null)
        {
            Directory.Delete(options.Folder, recursive: true);
        }
    }

    private static TestHub Make(
        Action<DurableRegistry> fill,
        Action<DurableOptions>? set,
        string? folder,
        Action? beforeWrite = null)
    {
        var registry = new DurableRegistry();
        fill(registry);
        var options = new DurableOptions { Folder = folder };
        set?.Invoke(options);
        return new TestHub(registry, options, beforeWrite);
    }

    private EmbeddedHub OpenAgain(Action? beforeWrite)
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(Clock).BuildServiceProvider();
        var hub = EmbeddedHub.Open(registry, services, options, beforeWrite);
        hub.Start();
        return hub;
    }
}
