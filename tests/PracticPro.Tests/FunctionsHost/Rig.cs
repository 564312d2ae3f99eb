using PracticPro.Durable.Wire;
using PracticPro.FunctionsHost;
using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Durable;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.FunctionsHost;

/// <summary>A host in this process with a scripted handler attached, on a clock that moves when told.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private Rig(FakeHost host, ScriptedHandler handler, FakeClock clock)
    {
        Host = host;
        Handler = handler;
        Clock = clock;
    }

    public FakeHost Host { get; }

    public ScriptedHandler Handler { get; }

    public FakeClock Clock { get; }

    public HubCalls Hub => Host.Jobs!.Calls;

    /// <summary>The functions most tests are about.</summary>
    public static IReadOnlyList<Function> Usual { get; } =
    [
        .. new[] { "Sequence", "FanOut", "Timer", "Events", "Parent", "Child", "Failing", "CountTo3", "Carry", "Flow" }
            .Select(name => Function.Of(name, "orchestrationTrigger", "context")),
        .. new[] { "Echo", "Work" }.Select(name => Function.Of(name, "activityTrigger", "input")),
    ];

    public static async Task<Rig> StartAsync(
        Func<HandlerRequest, HandlerReply> answer,
        IEnumerable<Function>? functions = null,
        HostSettings? settings = null,
        Func<FakeHostOptions, FakeHostOptions>? with = null)
    {
        var clock = new FakeClock(new DateTimeOffset(2026, 11, 22, 5, 31, 29, TimeSpan.Zero));
        var handler = new ScriptedHandler(answer);
        var options = new FakeHostOptions
        {
            App = AppFolder.Of(settings ?? new HostSettings(), functions ?? Usual),
            Handler = handler.Attached,
            Clock = clock,
            RepeatsTurns = false,
        };
        var host = await FakeHost.StartAsync(with?.Invoke(options) ?? options, TestContext.Current.CancellationToken);
        return new Rig(host, handler, clock);
    }

    /// <summary>Starts an instance by name; its id is the one given.</summary>
    public void Begin(string name, string instanceId, string? input = null) =>
        Hub.Start(new CreateInstanceRequest { Name = name, InstanceId = instanceId, Input = input });

    public InstanceState State(string instanceId) => Hub.Get(instanceId, withPayloads: true)!;

    public Task IdleAsync()
    {
        return Host.WhenIdleAsync(Deadline.Start(TestContext.Current.CancellationToken).Token);
    }

    /// <summary>Waits until something has come about on other threads.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = Deadline.Start(TestContext.Current.CancellationToken);
        while (!isSo())
        {
            await Deadline.MomentAsync(patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Handler.DisposeAsync();
    }
}
