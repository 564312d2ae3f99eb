using PracticPro.Durable;
using PracticPro.Tests.Contracts;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Durable;

/// <summary>The contract on the embedded hub, which keeps the code of an instance between its turns.</summary>
public sealed class EmbeddedOrchestrationTests : OrchestrationContract
{
    private protected override Task<IEngineUnderTest> StartAsync(Action<DurableRegistry> fill) =>
        Task.FromResult<IEngineUnderTest>(new EmbeddedEngine(TestHub.OnDisk(fill)));
}

/// <summary>The contract on the embedded hub when it keeps nothing, so that every turn replays from the disk.</summary>
public sealed class ReplayingOrchestrationTests : OrchestrationContract
{
    private protected override Task<IEngineUnderTest> StartAsync(Action<DurableRegistry> fill) =>
        Task.FromResult<IEngineUnderTest>(
            new EmbeddedEngine(TestHub.OnDisk(fill, options => options.CachedInstances = 0)));
}

/// <summary>Hub and worker are one here, so a restart of the worker is one of the hub.</summary>
internal sealed class EmbeddedEngine(TestHub hub) : IEngineUnderTest
{
    public IHub Hub => hub.Hub;

    public FakeClock Clock => hub.Clock;

    public string? Lacks(Ability ability) => null;

    public Task IdleAsync() => hub.IdleAsync();

    public Task RestartWorkerAsync() => hub.ReopenAsync();

    public ValueTask DisposeAsync() => hub.DisposeAsync();
}
