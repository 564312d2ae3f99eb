using PracticPro.Durable;
using PracticPro.Durable.History;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Contracts;

/// <summary>
/// What a driver gives the contract of orchestrations: an engine that runs what a registry holds, on a clock that the
/// test moves, and its clients' side.
/// </summary>
internal interface IEngineUnderTest : IAsyncDisposable
{
    IHub Hub { get; }

    FakeClock Clock { get; }

    /// <summary>Why the engine cannot, for a person; null when it can. Tests that need it are skipped with that.</summary>
    string? Lacks(Ability ability);

    /// <summary>Completes when nothing runs and nothing is ready to; timers and events may still be waited for.</summary>
    Task IdleAsync();

    /// <summary>Ends what runs turns and activities in an orderly way, and starts it again on the same hub.</summary>
    Task RestartWorkerAsync();
}

/// <summary>What not every engine can do.</summary>
internal enum Ability
{
    /// <summary>A start with the id of a completed run is refused, unless a restart was asked for.</summary>
    KeepCompletedIds,

    /// <summary>A termination with children reaches them.</summary>
    EndChildren,

    /// <summary>A child whose id belongs to another instance fails the call of its parent.</summary>
    RefuseTakenChildIds,

    /// <summary>A call of an activity that nobody has code for fails.</summary>
    FailUnknownActivities,

    /// <summary>The status of a failed instance has the failure that caused it inside.</summary>
    TellInnerFailures,
}

/// <summary>What tests do with an engine, in terms of what every engine has.</summary>
internal static class EngineMoves
{
    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static HubClient Client(this IEngineUnderTest engine) => new(engine.Hub);

    public static void Needs(this IEngineUnderTest engine, Ability ability) =>
        Assert.SkipWhen(engine.Lacks(ability) is not null, engine.Lacks(ability) ?? string.Empty);

    public static async Task StartAsync<TInput, TOutput>(
        this IEngineUnderTest engine,
        OrchestrationName<TInput, TOutput> name,
        InstanceId instance,
        TInput input) =>
        Assert.Equal(
            StartOutcome.Started,
            await engine.Client().StartAsync(name, instance, input, Cancellation));

    /// <summary>Starts instance <c>one</c> and gives its output.</summary>
    public static async Task<TOutput> RunAsync<TInput, TOutput>(
        this IEngineUnderTest engine,
        OrchestrationName<TInput, TOutput> name,
        TInput input,
        string instance = "one")
    {
        var id = InstanceId.Parse(instance);
        await engine.StartAsync(name, id, input);
        return engine.Output(name, await engine.EndAsync(id));
    }

    public static TOutput Output<TInput, TOutput>(
        this IEngineUnderTest engine,
        OrchestrationName<TInput, TOutput> name,
        InstanceStatus end)
    {
        Assert.Null(end.Failure);
        Assert.Equal(OrchestrationStatus.Completed, end.Status);
        return HubClient.OutputOf(name, end);
    }

    public static async Task<RaiseOutcome> RaiseAsync<T>(
        this IEngineUnderTest engine,
        InstanceId instance,
        EventName<T> name,
        T payload,
        string delivery) =>
        await engine.Client().RaiseEventAsync(instance, name, payload, DeliveryId.Parse(delivery), Cancellation);

    public static async Task<InstanceStatus> StatusAsync(this IEngineUnderTest engine, InstanceId instance) =>
        Assert.IsType<InstanceStatus>(await engine.Hub.GetStatusAsync(instance, Cancellation));

    /// <summary>Polls until the status is as wanted, or patience ends.</summary>
    public static async Task<InstanceStatus> UntilAsync(
        this IEngineUnderTest engine,
        InstanceId instance,
        Func<InstanceStatus, bool> wanted)
    {
        InstanceStatus? last = null;
        using var deadline = Deadline.Start(Cancellation);
        while (!deadline.IsCancellationRequested)
        {
            last = await engine.Hub.GetStatusAsync(instance, Cancellation);
            if (last is not null && wanted(last))
            {
                return last;
            }

            await Deadline.MomentAsync(Cancellation);
        }

        throw new TimeoutException($"{instance} is {last?.Status.ToString() ?? "not there"}, custom {last?.CustomStatus}.");
    }

    /// <summary>The final status. Waits for it.</summary>
    public static Task<InstanceStatus> EndAsync(this IEngineUnderTest engine, InstanceId instance) =>
        engine.UntilAsync(instance, status => status.Status.IsFinal());

    /// <summary>Waits until the code of an instance has set this custom status, and the turn is recorded.</summary>
    public static Task<InstanceStatus> ReachesAsync(this IEngineUnderTest engine, InstanceId instance, string place) =>
        engine.UntilAsync(instance, status => status.CustomStatus == $"\"{place}\"");

    /// <summary>Lets the engine finish what it does, moves the clock, and lets it finish what that brought.</summary>
    public static async Task AdvanceAsync(this IEngineUnderTest engine, TimeSpan by)
    {
        await engine.IdleAsync();
        engine.Clock.Advance(by);
        await engine.IdleAsync();
    }

    /// <summary>The final status, with the clock moved on by these steps until it is reached.</summary>
    public static async Task<InstanceStatus> EndAsync(this IEngineUnderTest engine, InstanceId instance, TimeSpan step)
    {
        for (var steps = 0; steps < 1_000; steps++)
        {
            await engine.IdleAsync();
            if (await engine.Hub.GetStatusAsync(instance, Cancellation) is { } status && status.Status.IsFinal())
            {
                return status;
            }

            await engine.AdvanceAsync(step);
        }

        throw new TimeoutException($"{instance} has not ended, whatever the clock said.");
    }
}
