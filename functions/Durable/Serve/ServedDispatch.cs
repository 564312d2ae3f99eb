using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using PracticPro.Durable.Embedded;

namespace PracticPro.Durable.Serve;

/// <summary>
/// Hands chosen work to connected workers: never more to one than it has places, a turn to the holder of its instance's
/// partition, an activity to whoever has room. Nothing is read while nobody is connected. On the hub's thread, but for
/// <see cref="TryFind{T}"/>.
/// </summary>
internal sealed partial class ServedDispatch(
    HubCore core,
    CommandQueue queue,
    ServeOptions options,
    CancellationToken stopping) : IDispatch
{
    /// <summary>A longer history than this is not sent with the turn to a worker that can fetch it. Stored bytes.</summary>
    private const long LongestInlineHistory = 1 << 20;

    private readonly ConcurrentDictionary<string, Offer> inHand = new(StringComparer.Ordinal);
    private readonly List<Seat> seats = [];
    private readonly LeaseTable<Seat> leases = new(options.Partitions);
    private readonly ActivityShelf shelf = new(core.Tables.Tasks);
    private readonly TurnLimits limits = new(core.Time, options.TurnLimit, queue);
    private readonly Refusals refusals = new(core.Time, queue, stopping);
    private readonly List<long> unclaimed = [];
    private readonly List<Offer> chosen = [];
    private int next;

    public bool IsIdle =>
        seats.TrueForAll(seat => seat.Ready.IsEmpty) && !shelf.Any(work => seats.Exists(seat => seat.CanDo(work)));

    /// <summary>Pieces of work that are in somebody's hands. From any thread.</summary>
    public int InHand => inHand.Count;

    /// <summary>True while that token is worth something. From any thread.</summary>
    public bool TryFind<T>(string token, [NotNullWhen(true)] out T? offer)
        where T : Offer
    {
        offer = inHand.TryGetValue(token, out var found) ? found as T : null;
        return offer is not null;
    }

    public void Choose()
    {
        if (core.Stopping || core.Held)
        {
            return;
        }

        foreach (var seat in seats)
        {
            while (seat.HasTurnPlace && seat.Ready.TryTake(out var key))
            {
                OfferTurn(seat, key);
            }
        }

        while (seats.Exists(seat => seat.HasTurnPlace) && core.Turns.TryTake(out var key))
        {
            Route(key);
        }

        while (seats.Exists(seat => seat.HasActivityPlace) && TryTakeActivity(out var task))
        {
            OfferActivity(task);
        }
    }

    public void Start()
    {
        // Before the work is out, so that whoever has it is being timed.
        limits.Arm(this);
        foreach (var offer in chosen)
        {
            offer.Seat.Hand(offer);
        }

        chosen.Clear();
    }

    private void RouteAgain()
    {
        foreach (var seat in seats)
        {
            while (seat.Ready.TryTake(out var key))
            {
                core.Turns.Add(key);
            }
        }

        unclaimed.ForEach(core.Turns.Add);
        unclaimed.Clear();
    }

    private void Route(long key)
    {
        if (core.Cells.Find(key) is not { } cell)
        {
            core.Tables.Inbox.DeleteAll(key);
            return;
        }

        if (HolderOf(cell) is not { } seat)
        {
            unclaimed.Add(key);
        }
        else if (seat.HasTurnPlace && seat.Ready.IsEmpty)
        {
            OfferTurn(seat, key);
        }
        else
        {
            seat.Ready.Add(key);
        }
    }

    /// <summary>
    /// The holder of the instance's partition; when it has no code for it, always the same one of those who have.
    /// </summary>
    private Seat? HolderOf(InstanceCell cell)
    {
        var work = new WorkName(cell.Name, cell.Version);
        var partition = leases.PartitionOf(cell.Id);
        if (leases.HolderOf(partition) is { } holder && holder.CanTurn(work))
        {
            return holder;
        }

        var able = seats.FindAll(seat => seat.CanTurn(work));
        return able.Count == 0 ? null : able[partition % able.Count];
    }

    private void OfferTurn(Seat seat, long key)
    {
        if (core.BeginTurn(key) is not { } turn)
        {
            return;
        }

        var past = core.Tables.History.Load(key);
        var isLong = seat.StreamsHistory && past.Sum(piece => (long)piece.Length) > LongestInlineHistory;
        var at = TurnJob.Now(turn.Cell, turn.Taken, core.Time);
        var offer = new TurnOffer(seat, turn, isLong ? null : past, at);
        seat.Turns++;
        limits.Add(offer.Token);
        Offer(offer);
    }

    private bool TryTakeActivity([NotNullWhen(true)] out TaskRow? task) =>
        shelf.TryTake(work => SeatFor(work) is not null, out task) || core.Tasks.TryTake(out task);

    private void OfferActivity(TaskRow task)
    {
        if (core.FindLive(task.Instance, task.Generation) is not { } cell)
        {
            core.Tables.Tasks.Delete(task.Seq);
        }
        else if (SeatFor(new WorkName(task.Name, task.Version)) is { } seat)
        {
            seat.Activities++;
            core.RunningActivities++;
            next = seats.IndexOf(seat) + 1;
            Offer(new ActivityOffer(seat, task, cell.Id, cell.Execution));
        }
        else
        {
            shelf.Add(task);
        }
    }

    /// <summary>One after another, so that all get their share.</summary>
    private Seat? SeatFor(WorkName work)
    {
        for (var step = 0; step < seats.Count; step++)
        {
            var seat = seats[(next + step) % seats.Count];
            if (seat.HasActivityPlace && seat.CanDo(work))
            {
                return seat;
            }
        }

        return null;
    }

    private void Offer(Offer offer)
    {
        inHand[offer.Token] = offer;
        chosen.Add(offer);
    }
}
