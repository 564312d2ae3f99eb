using System.Collections.Immutable;
using System.Globalization;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync;

/// <summary>
/// The eternal loop of one connection (SYNC-1): take the next step of any of its streams; when there is none, wait for a
/// nudge or until it is time to look. Any number of nudges that came meanwhile count as one. It ends when the grant it was
/// started for does; a new grant has a loop of its own.
/// </summary>
internal sealed class KeepInStep : Orchestration<KeepInStep.Input, Done>
{
    // Named when a connection was a mailbox. Stored histories hold these names.
    public static readonly OrchestrationName<Input, Done> Name = new("keep-mailbox-in-step");
    public static readonly ActivityName<StepInput, StepAnswer> StepName = new("take-sync-step");

    /// <summary>Says that there may be news. What is new is asked of the provider.</summary>
    public static readonly EventName<StreamNudge> Nudge = new("mailbox-nudged");

    // Steps before the history is dropped and the loop begins anew with an empty one.
    private const int StepsAGeneration = 25;

    /// <summary>Streams that are remembered by name; of more, all are looked at.</summary>
    private const int MostNamed = 8;

    private static readonly RetryPolicy Patient = new(TimeSpan.FromSeconds(1), maxAttempts: 1_000, coefficient: 2)
    {
        MaxInterval = TimeSpan.FromMinutes(5),
    };

    /// <param name="Nudged">As of the first nudge: there may be news in every stream.</param>
    /// <param name="Nudges">Nudges taken so far that meant every stream.</param>
    /// <param name="Named">Streams that a nudge named and that were not looked at since.</param>
    public sealed record Input(
        TenantId Tenant,
        ConnectionId Connection,
        int Grant,
        bool Nudged = false,
        int Nudges = 0,
        ImmutableArray<StreamName>? Named = null);

    public sealed record StepInput(
        TenantId Tenant,
        ConnectionId Connection,
        int Grant,
        bool Nudged,
        int Nudges = 0,
        ImmutableArray<StreamName>? Named = null)
    {
        /// <summary>Nudges are counted for each grant anew, and cursors outlive grants: both are in the mark.</summary>
        public StreamNews News => new(
            Nudges > 0 || Nudged ? string.Create(CultureInfo.InvariantCulture, $"{Grant}.{Math.Max(Nudges, 1)}") : null,
            Named ?? []);
    }

    /// <param name="Looked">The changes of <paramref name="Stream"/> were followed: what nudged it has been seen to.</param>
    /// <param name="WaitUntil">Nothing to do until then; null: there is more to do now.</param>
    /// <param name="Pause">The provider asked for peace: a nudge must not cut the wait short.</param>
    /// <param name="Ended">The connection is no longer active.</param>
    /// <param name="Stream">Whose step it was, if it was a stream's.</param>
    public sealed record StepAnswer(
        bool Looked = false,
        DateTimeOffset? WaitUntil = null,
        bool Pause = false,
        bool Ended = false,
        StreamName? Stream = null);

    public static InstanceId InstanceOf(TenantId tenant, Connection connection) =>
        InstanceId.For(tenant, string.Create(CultureInfo.InvariantCulture, $"sync.{connection.Id}.{connection.Grant}"));

    public override async Task<Done> RunAsync(OrchestrationContext context, Input input)
    {
        var nudges = input.Nudged ? Math.Max(input.Nudges, 1) : input.Nudges;
        var named = input.Named ?? [];
        for (var step = 0; step < StepsAGeneration; step++)
        {
            var answer = await context.CallActivityAsync(
                StepName,
                new StepInput(input.Tenant, input.Connection, input.Grant, nudges > 0, nudges, named.IsEmpty ? null : named),
                Patient);
            if (answer.Ended)
            {
                return Done.Value;
            }

            if (answer is { Looked: true, Stream: { } stream })
            {
                named = named.Remove(stream);
            }

            if (answer.WaitUntil is { } until)
            {
                foreach (var nudge in await WaitAsync(context, until, answer.Pause))
                {
                    (nudges, named) = Heard(nudges, named, nudge);
                }
            }
        }

        context.ContinueAsNew(input with { Nudged = nudges > 0, Nudges = nudges, Named = named.IsEmpty ? null : named });
        return Done.Value;
    }

    private static (int Nudges, ImmutableArray<StreamName> Named) Heard(int nudges, ImmutableArray<StreamName> named, StreamNudge nudge) =>
        nudge.Stream is not { } stream || named.Length >= MostNamed
            ? (nudges + 1, [])
            : (nudges, named.Contains(stream) ? named : named.Add(stream));

    /// <summary>
    /// The nudges that came before the time was up, with every further one that is already there. Those that came in a pause are
    /// heard at its end: the next look sees to them.
    /// </summary>
    private static async Task<IReadOnlyList<StreamNudge>> WaitAsync(OrchestrationContext context, DateTimeOffset until, bool pause)
    {
        if (pause)
        {
            await context.CreateTimer(until, CancellationToken.None);
            return await WaitingAsync(context);
        }

        using var timeUp = new CancellationTokenSource();
        using var nudgedFirst = new CancellationTokenSource();
        var timer = context.CreateTimer(until, nudgedFirst.Token);
        var nudge = context.WaitForExternalEvent(Nudge, timeUp.Token);
        if (await Task.WhenAny(nudge, timer) == timer)
        {
            // Not CancelAsync, here and below: it leaves the orchestration's thread, and the rest would never run.
            timeUp.Cancel();
            return [];
        }

        nudgedFirst.Cancel();
        return [await nudge, .. await WaitingAsync(context)];
    }

    /// <summary>The nudges that are there already.</summary>
    private static async Task<IReadOnlyList<StreamNudge>> WaitingAsync(OrchestrationContext context)
    {
        List<StreamNudge> heard = [];
        while (true)
        {
            using var noMore = new CancellationTokenSource();
            var further = context.WaitForExternalEvent(Nudge, noMore.Token);
            if (!further.IsCompleted)
            {
                noMore.Cancel();
                return heard;
            }

            heard.Add(await further);
        }
    }
}

/// <summary>Says that there may be news.</summary>
/// <param name="Stream">Where; null for anywhere.</param>
internal readonly record struct StreamNudge(StreamName? Stream = null);
