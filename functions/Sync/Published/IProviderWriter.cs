using System.Collections.Immutable;
using System.Text.Json.Serialization;
using PracticPro.Egress;
using PracticPro.Kernel;

namespace PracticPro.Sync.Published;

/// <summary>
/// A connected account as a place to write one thing into, exactly once as far as the provider allows (APR-3).
/// <list type="number">
/// <item>Composed once, when it is put before a person, and kept: what is shown is what is hashed is what is sent.</item>
/// <item>Written with exactly those bytes, by one call. Nothing is retried in here, and nothing else changes anything there.</item>
/// <item>Looked up, by reading only, before anything is asked a second time.</item>
/// </list>
/// A contract suite (<c>EventWriterContract</c>, <c>TaskWriterContract</c>) holds every implementation to this.
/// </summary>
/// <typeparam name="TOrder">What is to be written, in the practice's terms.</typeparam>
internal interface IProviderWriter<in TOrder>
    where TOrder : notnull
{
    /// <summary>Whether anything can be written there now. Asks no provider.</summary>
    Task<Outcome<SenderStanding>> StandingAsync(TenantId tenant, ConnectionId connection, CancellationToken cancellation);

    /// <summary>
    /// The one call that carries out the order. May read at the provider what the call needs (the list a task goes into).
    /// Deterministic: equal orders give equal bytes; a JSON body is canonical (<see cref="CanonicalBody"/>). The
    /// provider's id of what is made, or the mark by which it is found again, follows from <see cref="WriteMark"/> alone.
    /// </summary>
    /// <returns>A failure when this provider cannot do what is ordered, with what to change.</returns>
    Task<Outcome<OutgoingWrite>> ComposeAsync(
        TenantId tenant, ConnectionId connection, TOrder order, CancellationToken cancellation);

    /// <summary>Makes the call, once, with a permit for exactly its bytes.</summary>
    Task<WriteOutcome> WriteAsync(
        TenantId tenant, ConnectionId connection, SendPermit permit, OutgoingWrite write, CancellationToken cancellation);

    /// <summary>
    /// What became of an earlier <see cref="WriteAsync"/>. Reads only; may be asked at any time, also when none was made.
    /// Found by id or by mark, and compared in content: the same id with other content is not ours.
    /// </summary>
    Task<Outcome<WriteTrace>> LookUpAsync(
        TenantId tenant, ConnectionId connection, TOrder order, OutgoingWrite write, CancellationToken cancellation);
}

/// <summary>How asking the provider to write ended.</summary>
internal abstract record WriteOutcome
{
    private WriteOutcome()
    {
    }

    /// <summary>The provider says it is done.</summary>
    public sealed record Done(string ProviderId) : WriteOutcome;

    /// <summary>The provider says no, or was never reached: nothing changed there. Only where that is certain.</summary>
    public sealed record NotDone(Failure Why) : WriteOutcome;

    /// <summary>The provider says that it does not hold what the approver was shown any more. Nothing changed there.</summary>
    public sealed record Overtaken : WriteOutcome;

    /// <summary>There is no telling from here: no answer, half of one, a server error, an id that is taken. Look it up.</summary>
    public sealed record Unclear : WriteOutcome;
}

/// <summary>What a look at the provider shows of a write.</summary>
internal abstract record WriteTrace
{
    private WriteTrace()
    {
    }

    /// <summary>It was done: what was ordered is there, or was and has been taken away there since.</summary>
    public sealed record Done(string ProviderId) : WriteTrace;

    /// <summary>
    /// It was not done, and the same write may be tried again: should an earlier try still be under way, the provider takes
    /// one of the two and no more (an id that may be used once, an ETag that fits once).
    /// </summary>
    public sealed record NotDone : WriteTrace;

    /// <summary>Something else stands where it was to be: another content under our id, or a change by somebody else.</summary>
    public sealed record Overtaken : WriteTrace;

    /// <summary>Not found, which proves nothing: a second try could make a second one.</summary>
    public sealed record Nowhere : WriteTrace;
}

/// <summary>
/// Marks one revision of one approved action at the provider: equal for equal revisions, so that what was made is found
/// again and is not made twice. 32 lower-case hexadecimal digits: an event id as Google takes it.
/// </summary>
internal readonly record struct WriteMark(string Hex)
{
    /// <summary>The same 128 bits as a UUID: what Microsoft Graph calls a transaction id.</summary>
    [JsonIgnore]
    public string Uuid => Guid.ParseExact(Hex, "N").ToString("D");
}

/// <summary>The calendar of a connected account: events are made, changed and cancelled there.</summary>
internal interface IEventWriter : IProviderWriter<EventOrder>
{
    /// <summary>The event as it stands at the provider now; <see cref="Failure.NotFound"/> when it is gone or cancelled.</summary>
    Task<Outcome<EventSnapshot>> ReadAsync(
        TenantId tenant, ConnectionId connection, EventPlace place, CancellationToken cancellation);
}

/// <summary>A task list of a connected account. Tasks are put on it; what becomes of them there is their owner's.</summary>
internal interface ITaskWriter : IProviderWriter<TaskOrder>;

/// <param name="Calendar">The provider's id of the calendar; empty for the account's own main one.</param>
/// <param name="EventId">The provider's id of the event.</param>
internal sealed record EventPlace(string Calendar, string EventId);

/// <summary>What stands at the provider.</summary>
/// <param name="ETag">Its version, as the provider spells it: a change goes by it or not at all.</param>
/// <param name="IsSeries">It stands for all its repetitions.</param>
/// <param name="IsOurs">The account organises it: others' events are not for it to change.</param>
internal sealed record EventSnapshot(EventContent Event, string ETag, bool IsSeries, bool IsOurs);

/// <summary>An event as a person approves it. What it does not name stays as it is at the provider.</summary>
/// <param name="Title">One line.</param>
/// <param name="Description">Plain text; may be empty.</param>
/// <param name="Location">One line; may be empty.</param>
/// <param name="Guests">Everybody invited besides the account itself, in a fixed order.</param>
internal sealed record EventContent(
    string Title, string Description, string Location, EventSpan When, ImmutableArray<EventGuest> Guests)
{
    /// <summary>Equal in everything a person approves; the order of guests and their display names do not count.</summary>
    public bool Says(EventContent other) =>
        Title == other.Title
        && Description.ReplaceLineEndings("\n").Trim() == other.Description.ReplaceLineEndings("\n").Trim()
        && Location == other.Location
        && When.IsSameAs(other.When)
        && Guests.Select(guest => guest.Address).ToHashSet().SetEquals(other.Guests.Select(guest => guest.Address));
}

/// <param name="Name">Shown beside the address; may be empty.</param>
internal sealed record EventGuest(EmailAddress Address, string Name);

/// <summary>When an event is: by the clock of a place, or on whole days. Never a mixture.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Timed), "timed")]
[JsonDerivedType(typeof(AllDay), "all-day")]
internal abstract record EventSpan
{
    private EventSpan()
    {
    }

    /// <summary>The same days, or the same moments, in whatever zone each is told.</summary>
    public bool IsSameAs(EventSpan other) => (this, other) switch
    {
        (AllDay days, AllDay others) => days == others,
        (Timed here, Timed there) => here.Instants() is { } moments && moments == there.Instants(),
        _ => false,
    };

    /// <param name="Start">By the clock of the zone, to the minute.</param>
    /// <param name="End">By the same clock; after the start.</param>
    /// <param name="Zone">IANA name: <c>Europe/Berlin</c>.</param>
    public sealed record Timed(DateTime Start, DateTime End, string Zone) : EventSpan
    {
        /// <summary>
        /// Both as moments; null when there is no such zone, or a clock there never shows that time. Of a time that comes
        /// twice, the zone's standard time is meant.
        /// </summary>
        public (DateTimeOffset Start, DateTimeOffset End)? Instants() =>
            TimeZoneInfo.TryFindSystemTimeZoneById(Zone, out var zone) && At(Start, zone) is { } start && At(End, zone) is { } end
                ? (start, end)
                : null;

        private static DateTimeOffset? At(DateTime local, TimeZoneInfo zone) =>
            zone.IsInvalidTime(local) ? null : new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <param name="Last">The last day of it, included.</param>
    public sealed record AllDay(DateOnly First, DateOnly Last) : EventSpan;
}

/// <summary>What is to happen in a calendar.</summary>
/// <param name="TellGuests">Whether the provider writes to the guests about it.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Create), "create")]
[JsonDerivedType(typeof(Change), "change")]
[JsonDerivedType(typeof(Cancel), "cancel")]
internal abstract record EventOrder(bool TellGuests)
{
    public sealed record Create(WriteMark Mark, string Calendar, EventContent Event, bool TellGuests) : EventOrder(TellGuests);

    /// <param name="ETag">The version the approver was shown.</param>
    /// <param name="Event">Whole, as it is to be.</param>
    public sealed record Change(EventPlace Place, string ETag, EventContent Event, bool TellGuests) : EventOrder(TellGuests);

    /// <param name="ETag">The version the approver was shown.</param>
    public sealed record Cancel(EventPlace Place, string ETag, bool TellGuests) : EventOrder(TellGuests);
}

/// <summary>A task as a person approves it.</summary>
/// <param name="Title">One line.</param>
/// <param name="Due">The day it is to be done by, or null.</param>
/// <param name="Notes">Plain text; may be empty.</param>
internal sealed record TaskContent(string Title, DateOnly? Due, string Notes);

/// <summary>A task to put on the account's main list.</summary>
internal sealed record TaskOrder(WriteMark Mark, TaskContent Task);
