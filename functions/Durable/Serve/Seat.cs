using System.Threading.Channels;
using PracticPro.Durable.Embedded;

namespace PracticPro.Durable.Serve;

/// <summary>
/// One connected worker: what it can run, the places it has, and the way to it. The hub's thread owns it, but for the
/// reading end of <see cref="Outbox"/>, which is its stream's.
/// </summary>
internal sealed class Seat(Wire.GetWorkItemsRequest asked)
{
    /// <summary>However many places a worker says it has: what is in hand is in memory, with its history.</summary>
    private const int MostPlaces = 1_024;

    // Never holds more than the places, which is what bounds it.
    private readonly Channel<Offer> outbox = Channel.CreateUnbounded<Offer>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly NameFilter orchestrations = NameFilter.Of(asked.WorkItemFilters, filters => filters.Orchestrations);
    private readonly NameFilter activities = NameFilter.Of(asked.WorkItemFilters, filters => filters.Activities);

    public int TurnPlaces { get; } = Math.Clamp(asked.MaxConcurrentOrchestrationWorkItems, 0, MostPlaces);

    public int ActivityPlaces { get; } = Math.Clamp(asked.MaxConcurrentActivityWorkItems, 0, MostPlaces);

    public bool StreamsHistory { get; } = asked.Capabilities.Contains(Wire.WorkerCapability.HistoryStreaming);

    public int Turns { get; set; }

    public int Activities { get; set; }

    /// <summary>Turns of its partitions that wait for a place.</summary>
    public ReadyTurns Ready { get; } = new();

    public ChannelReader<Offer> Outbox => outbox.Reader;

    public bool HasTurnPlace => Turns < TurnPlaces;

    public bool HasActivityPlace => Activities < ActivityPlaces;

    public bool CanTurn(WorkName work) => TurnPlaces > 0 && orchestrations.Admits(work);

    public bool CanDo(WorkName work) => ActivityPlaces > 0 && activities.Admits(work);

    public void Hand(Offer offer) => outbox.Writer.TryWrite(offer);

    /// <summary>Ends the stream once it has been read to here.</summary>
    public void Close() => outbox.Writer.TryComplete();
}
