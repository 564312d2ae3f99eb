using PracticPro.Durable;
using PracticPro.FunctionsHost.Durable;
using PracticPro.FunctionsHost.Faults;
using PracticPro.Tests.Contracts;

namespace PracticPro.Tests.Hosting.Functions;

/// <summary>The contract under a Functions host with the third Durable extension. Every turn is asked for twice.</summary>
public sealed class HostedOrchestrationTests : OrchestrationContract
{
    private protected override async Task<IEngineUnderTest> StartAsync(Action<DurableRegistry> fill) =>
        await HostedEngine.StartAsync(fill, ExtensionVersion.Three, new FaultPlan());
}

/// <summary>The contract under a Functions host with the second Durable extension.</summary>
public sealed class HostedByTwoOrchestrationTests : OrchestrationContract
{
    private protected override async Task<IEngineUnderTest> StartAsync(Action<DurableRegistry> fill) =>
        await HostedEngine.StartAsync(fill, ExtensionVersion.Two, new FaultPlan());
}

/// <summary>
/// The contract under a host that delivers answers, events and activities twice, events in another order, and forgets
/// turns that were answered.
/// </summary>
public sealed class HostedBadlyOrchestrationTests : OrchestrationContract
{
    private protected override async Task<IEngineUnderTest> StartAsync(Action<DurableRegistry> fill) =>
        await HostedEngine.StartAsync(fill, ExtensionVersion.Three, new FaultPlan
        {
            DuplicateMessages = 25,
            DuplicateActivities = 15,
            ReorderedEvents = 25,
            ForgottenTurns = 15,
        });
}
