using System.Runtime.ExceptionServices;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>Where a tenant is to live.</summary>
internal enum HomeKind
{
    /// <summary>In the database that tenants share.</summary>
    Shared,

    /// <summary>In a database of its own.</summary>
    Dedicated,
}

internal abstract record MoveOutcome
{
    private MoveOutcome()
    {
    }

    /// <summary>It lives there now, or did before.</summary>
    public sealed record Moved(long Epoch) : MoveOutcome;

    /// <summary>
    /// Both sides could not be brought to hold the same. It lives where it lived, nothing is lost, and the copy is removed.
    /// </summary>
    public sealed record Returned : MoveOutcome;

    /// <summary>The tenant never stored anything: there is nothing to move.</summary>
    public sealed record Unknown : MoveOutcome;
}

/// <summary>
/// Moves a tenant between the shared database and one of its own, online (ISO-2). Reads go on throughout; writes wait from
/// when the old home is shut until the new one is open. The placement holds how far a move has come, each step may be
/// repeated, and each transition is conditional: whoever resumes, or two at once, end in the same.
/// <para>What is compared before the new home opens is a hash over every record of both sides.</para>
/// </summary>
internal sealed class MoveTenant(
    CosmosAccount account, CosmosCalls calls, Placements placements, VerifyLayout layout, CosmosOptions options, TimeProvider time, ILogger log)
{
    private const int Rounds = 3;

    // A move that has not come on for so long has lost its mover.
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(5);

    // Borne by the placement while this mover copies, and by the gate its copies pass: one that took the move on from
    // another takes that other's gate away.
    private readonly string mover = ItemName.NewText();

    /// <summary>Called before each step by its name; a test ends the mover there.</summary>
    internal Func<string, Task>? BeforeStep { get; set; }

    /// <summary>Moves the tenant, or goes on with a move that was begun; one to the other place is finished first.</summary>
    /// <exception cref="CosmosLayoutException">The database it is to live in is not as it must be.</exception>
    public async Task<MoveOutcome> RunAsync(TenantId tenant, HomeKind kind, CancellationToken cancellation)
    {
        var target = kind == HomeKind.Shared ? HomeName.Shared : account.DedicatedHome(tenant);
        var wasReturned = false;
        var turn = new Turn();
        while (true)
        {
            if (await placements.ReadAsync(tenant, cancellation) is not { } placement)
            {
                return new MoveOutcome.Unknown();
            }

            if (placement.State == PlacementState.New)
            {
                // Somebody is about to write for the first time, or died doing so.
                await placements.ForWritingAsync(tenant, cancellation);
            }
            else if (placement.State == PlacementState.Settled && (placement.Home == target || wasReturned))
            {
                return placement.Home == target ? new MoveOutcome.Moved(placement.Epoch) : new MoveOutcome.Returned();
            }
            else
            {
                wasReturned |= placement.State == PlacementState.Returning;
                await StepAsync(placement, target, turn, cancellation);
            }
        }
    }

    /// <summary>Goes on with every move that was begun and not finished.</summary>
    /// <param name="onlyStale">Only with those that have not come on for five minutes: their mover is gone.</param>
    /// <exception cref="Exception">The first trouble there was. It stopped one move and not those behind it.</exception>
    public async Task ResumeAsync(bool onlyStale, CancellationToken cancellation)
    {
        ExceptionDispatchInfo? first = null;
        await foreach (var placement in placements.AllAsync(cancellation))
        {
            try
            {
                await FinishMoveAsync(onlyStale && !IsStale(placement) ? null : placement, cancellation);
            }
            catch (Exception trouble) when (!cancellation.IsCancellationRequested)
            {
                first ??= ExceptionDispatchInfo.Capture(trouble);
            }
        }

        first?.Throw();
    }

    private async Task FinishMoveAsync(Placement? current, CancellationToken cancellation)
    {
        var turn = new Turn();
        while (current is { State: not (PlacementState.New or PlacementState.Settled) })
        {
            await StepAsync(current, current.Home, turn, cancellation);
            current = await placements.ReadAsync(current.Tenant, cancellation);
        }
    }

    private bool IsStale(Placement placement) =>
        time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(placement.Since) > Stale;

    private async Task StepAsync(Placement placement, HomeName target, Turn turn, CancellationToken cancellation)
    {
        var isAnothers = placement.State is PlacementState.Copying or PlacementState.Frozen && !placement.IsMovedBy(mover);
        if (isAnothers && turn.IsLost && !IsStale(placement))
        {
            // Whoever took the move from this one is at it. Two that take it from each other would never end.
            await calls.PauseAsync(3, cancellation);
            return;
        }

        CosmosLog.MoveStep(log, placement.State);
        await BeforeAsync(placement.State.ToString());
        try
        {
            var next = placement.State switch
            {
                PlacementState.Settled => await AnnounceAsync(placement, target, cancellation),
                _ when isAnothers => placement with { Mover = $"{mover} {placement.Mover}".TrimEnd() },
                PlacementState.Copying => await CopyAsync(placement, cancellation),
                PlacementState.Frozen => await FinishAsync(placement, cancellation),
                PlacementState.Opening or PlacementState.Returning => await OpenAsync(placement, cancellation),
                PlacementState.Purging => await PurgeAsync(placement, cancellation),
                _ => throw new ArgumentException("A placement that no move has."),
            };
            await BeforeAsync($"{placement.State} to {next.State}");
            if (await placements.ReplaceAsync(next, cancellation) is not { } stored)
            {
                turn.IsLost = true;
            }
            else if (isAnothers)
            {
                foreach (var before in placement.Mover?.Split(' ') ?? [])
                {
                    await placements.RemoveGateAsync(stored.Tenant, stored.Other, ItemName.CopyGate(before), cancellation);
                }
            }
        }
        catch (MoveTakenException)
        {
            turn.IsLost = true;
        }
    }

    private async Task<Placement> AnnounceAsync(Placement placement, HomeName target, CancellationToken cancellation)
    {
        await layout.RunAsync(target, cancellation);
        return placement with { State = PlacementState.Copying, Other = target, Continuation = null, Mover = mover };
    }

    // While this runs, every process comes to know that the tenant is in motion, and looks where it is for every call.
    private async Task<Placement> CopyAsync(Placement placement, CancellationToken cancellation)
    {
        var announced = calls.Pace.GetTimestamp();
        var copy = Copy(placement);
        await MakeCopyGateAsync(placement, cancellation);
        if (placement.Continuation is null)
        {
            // What an earlier move, or one that was given up, left there.
            await copy.EmptyTargetAsync(cancellation);
        }

        var continuation = await copy.FollowAsync(
            placement.Continuation,
            async reached =>
            {
                await BeforeAsync("copied some");
                placement = await placements.ReplaceAsync(placement with { Continuation = reached }, cancellation)
                    ?? throw new MoveTakenException();
            },
            cancellation);
        var left = options.PlacementLifetime - calls.Pace.GetElapsedTime(announced);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, calls.Pace, cancellation);
        }

        return placement with { State = PlacementState.Frozen, Continuation = continuation };
    }

    private async Task<Placement> FinishAsync(Placement placement, CancellationToken cancellation)
    {
        await placements.RemoveGateAsync(placement.Tenant, placement.Home, ItemName.Gate(placement.Epoch), cancellation);

        // A batch that had passed the gate may still be under way; the service ends it before long. Only then is what the
        // feed gives all there is.
        await Task.Delay(options.SettleTime, calls.Pace, cancellation);
        await BeforeAsync("shut");
        var copy = Copy(placement);
        var continuation = placement.Continuation;
        for (var round = 1; round <= Rounds; round++)
        {
            await MakeCopyGateAsync(placement, cancellation);
            continuation = await copy.FollowAsync(continuation, static _ => Task.CompletedTask, cancellation);
            await BeforeAsync("caught up");
            await copy.ReconcileAsync(cancellation);

            // From here nobody copies any more: what is compared stays so.
            await placements.RemoveGateAsync(placement.Tenant, placement.Other, copy.Gate, cancellation);
            await BeforeAsync("to compare");
            if (await copy.AreEqualAsync(cancellation))
            {
                return placement with
                {
                    State = PlacementState.Opening,
                    Home = placement.Other,
                    Other = placement.Home,
                    Epoch = placement.Epoch + 1,
                    Continuation = null,
                    Mover = null,
                };
            }
        }

        CosmosLog.MoveReturned(log);

        // A name for the gate that was never used: the one that was taken away stays away.
        return placement with { State = PlacementState.Returning, Epoch = placement.Epoch + 2, Continuation = null, Mover = null };
    }

    // A mover that was left behind may make its gate after it was taken away. It looks afterwards whether the move is still
    // its own, and writes nothing if not.
    private async Task MakeCopyGateAsync(Placement placement, CancellationToken cancellation)
    {
        var gate = ItemName.CopyGate(mover);
        await placements.MakeGateAsync(placement.Tenant, placement.Other, gate, cancellation);
        if (await placements.ReadAsync(placement.Tenant, cancellation) is not { } now || !now.IsMovedBy(mover))
        {
            await placements.RemoveGateAsync(placement.Tenant, placement.Other, gate, cancellation);
            throw new MoveTakenException();
        }
    }

    private async Task<Placement> OpenAsync(Placement placement, CancellationToken cancellation)
    {
        await placements.MakeGateAsync(placement.Tenant, placement.Home, ItemName.Gate(placement.Epoch), cancellation);
        return placement with { State = PlacementState.Purging };
    }

    // Who looked up the old home just before the move may still be reading there, so it is kept for a while.
    private async Task<Placement> PurgeAsync(Placement placement, CancellationToken cancellation)
    {
        var since = time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(placement.Since);
        var left = options.PurgeAfter - (since > TimeSpan.Zero ? since : TimeSpan.Zero);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, calls.Pace, cancellation);
        }

        // The next move to that home begins by taking this gate away: one that still purges then deletes nothing of it.
        var gate = ItemName.PurgeGate(placement.Epoch);
        await placements.MakeGateAsync(placement.Tenant, placement.Other, gate, cancellation);
        if (await placements.ReadAsync(placement.Tenant, cancellation) is not { State: PlacementState.Purging } now
            || now.Epoch != placement.Epoch)
        {
            await placements.RemoveGateAsync(placement.Tenant, placement.Other, gate, cancellation);
            throw new MoveTakenException();
        }

        await Copy(placement, gate).EmptyTargetAsync(cancellation);
        await placements.RemoveGateAsync(placement.Tenant, placement.Other, gate, cancellation);
        return placement with { State = PlacementState.Settled, Other = default, Continuation = null };
    }

    private TenantCopy Copy(Placement placement, string? gate = null) => new(
        calls,
        account.Records(placement.Home),
        account.Records(placement.Other),
        placement.Tenant,
        gate ?? ItemName.CopyGate(mover));

    private Task BeforeAsync(string step) => BeforeStep?.Invoke(step) ?? Task.CompletedTask;

    /// <summary>Of one call: whether another took the move from it.</summary>
    private sealed class Turn
    {
        public bool IsLost { get; set; }
    }
}

/// <summary>Another mover has taken the move on. Nothing is lost; this one stops.</summary>
internal sealed class MoveTakenException() : Exception("Another process goes on with this move.");
