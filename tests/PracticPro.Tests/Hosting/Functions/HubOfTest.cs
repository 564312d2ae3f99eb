using PracticPro.Durable;
using PracticPro.Kernel;

namespace PracticPro.Tests.Hosting.Functions;

/// <summary>A hub that shows the instances it is given and remembers what it was asked to start.</summary>
internal sealed class HubOfTest : IHub
{
    public List<InstanceStatus> Instances { get; } = [];

    public List<StartRequest> Started { get; } = [];

    public ValueTask<StartOutcome> StartAsync(StartRequest request, CancellationToken cancellation)
    {
        Started.Add(request);
        return new(StartOutcome.Started);
    }

    public ValueTask<InstanceStatus?> GetStatusAsync(InstanceId instance, CancellationToken cancellation) =>
        new(Instances.SingleOrDefault(one => one.Instance == instance));

    /// <summary>One a page, and without reasons, as an engine may do it.</summary>
    public ValueTask<Page<InstanceStatus>> ListAsync(InstanceQuery query, Cursor? from, CancellationToken cancellation)
    {
        var at = from is null ? 0 : int.Parse(from.Value.Position, System.Globalization.CultureInfo.InvariantCulture);
        var found = Instances.Where(one => one.Status == query.Status).ToList();
        return new(new Page<InstanceStatus>(
            [.. found.Skip(at).Take(1).Select(one => one with { Failure = null })],
            at + 1 < found.Count ? Cursor.At($"{at + 1}") : null));
    }

    /// <summary>What becomes of an event that is raised; without it none may be.</summary>
    public Func<RaiseRequest, Task<RaiseOutcome>>? Raising { get; init; }

    public ValueTask<RaiseOutcome> RaiseEventAsync(RaiseRequest request, CancellationToken cancellation) =>
        Raising is { } raise ? new(raise(request)) : throw new NotSupportedException();

    public ValueTask<CommandOutcome> TerminateAsync(InstanceId instance, string reason, bool withChildren, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<CommandOutcome> SuspendAsync(InstanceId instance, string reason, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<CommandOutcome> ResumeAsync(InstanceId instance, string reason, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<PurgeOutcome> PurgeAsync(InstanceId instance, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<InstanceStatus?> WaitForCompletionAsync(InstanceId instance, TimeSpan timeout, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
