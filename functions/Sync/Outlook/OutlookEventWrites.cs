using System.Collections.Immutable;
using System.Globalization;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Published;
using Event = Microsoft.Graph.Models.Event;

namespace PracticPro.Sync.Outlook;

/// <summary>
/// Composes, makes and looks up writes to one calendar account. A creation carries a transaction id that follows from its
/// mark, under which Graph makes one event; changes and cancellations go by the ETag the approver was shown.
/// </summary>
internal static class OutlookEventWrites
{
    private const int MostPages = 10;

    public static Outcome<OutgoingWrite> Compose(EventOrder order)
    {
        var isSilent = order is EventOrder.Create { Event.Guests.IsEmpty: true };
        if (!order.TellGuests && !isSilent)
        {
            return new OutlookFailures.GuestsAreTold();
        }

        return OutgoingWrite.Of(order switch
        {
            EventOrder.Create create => Request(MicrosoftServices.CreateEvent) with
            {
                Body = OutlookEventBodies.Of(create.Event, create.Mark.Uuid),
            },
            EventOrder.Change change => Request(MicrosoftServices.ChangeEvent, change.ETag) with
            {
                PathArguments = [change.Place.EventId],
                Body = OutlookEventBodies.Of(change.Event, null),
            },
            EventOrder.Cancel cancel => Request(MicrosoftServices.DeleteEvent, cancel.ETag) with
            {
                PathArguments = [cancel.Place.EventId],
            },
            _ => throw new InvalidOperationException("An order of no known kind."),
        });
    }

    public static async Task<WriteOutcome> WriteAsync(
        OutlookAccount account, SendPermit permit, OutgoingWrite write, CancellationToken cancellation)
    {
        var request = write.ToRequest(MicrosoftServices.Graph) with { Permit = permit };
        var outcome = await account.WriteAsync(request, cancellation);
        if (request.Operation == MicrosoftServices.DeleteEvent && outcome.Try(out var answer, out _)
            && OutlookErrors.Classify(answer) is SyncFailures.Gone)
        {
            return new WriteOutcome.Done(write.PathArguments[0]);
        }

        return OutlookWrites.Told(outcome, told => write.PathArguments is [var key]
            ? key
            : GraphReading.ReadItem(told.Body, Event.CreateFromDiscriminatorValue).Try(out var made, out _) ? made.Id : null);
    }

    public static Task<Outcome<WriteTrace>> LookUpAsync(
        OutlookAccount account, EventOrder order, CancellationToken cancellation) => order switch
    {
        EventOrder.Create create => LookUpMadeAsync(account, create, cancellation),
        EventOrder.Change change => LookUpAtAsync(account, change.Place, found => found switch
        {
            null => new WriteTrace.Overtaken(),
            _ when found.Event.Says(change.Event) => new WriteTrace.Done(change.Place.EventId),
            _ when found.ETag == change.ETag => new WriteTrace.NotDone(),
            _ => new WriteTrace.Overtaken(),
        }, cancellation),
        EventOrder.Cancel cancel => LookUpAtAsync(account, cancel.Place, found => found switch
        {
            null => new WriteTrace.Done(cancel.Place.EventId),
            _ when found.ETag == cancel.ETag => new WriteTrace.NotDone(),
            _ => new WriteTrace.Overtaken(),
        }, cancellation),
        _ => throw new InvalidOperationException("An order of no known kind."),
    };

    public static async Task<Outcome<EventSnapshot>> ReadAsync(
        OutlookAccount account, EventPlace place, CancellationToken cancellation)
    {
        var outcome = await account.ShowEventAsync(place.EventId, cancellation);
        if (!outcome.Try(out var answer, out var why)
            || !GraphReading.ReadItem(answer.Body, Event.CreateFromDiscriminatorValue).Try(out var item, out why))
        {
            return why;
        }

        return item.Value.IsCancelled == true ? new SyncFailures.Gone()
            : OutlookEventBodies.Snapshot(item) is { } snapshot ? snapshot
            : new SyncFailures.AnswerMalformed();
    }

    private static async Task<Outcome<WriteTrace>> LookUpAtAsync(
        OutlookAccount account, EventPlace place, Func<EventSnapshot?, WriteTrace> tell, CancellationToken cancellation)
    {
        var outcome = await ReadAsync(account, place, cancellation);
        return outcome.Failure is { } why and not SyncFailures.Gone
            ? why
            : tell(outcome.Try(out var found, out _) ? found : null);
    }

    /// <summary>
    /// Graph finds no event by its transaction id: what takes place at that time is looked through. An event that is not
    /// there was not made, or was and has been moved or deleted there since; made a second time it is not.
    /// </summary>
    private static async Task<Outcome<WriteTrace>> LookUpMadeAsync(
        OutlookAccount account, EventOrder.Create create, CancellationToken cancellation)
    {
        if (AskedFor(create.Event.When) is not { } query)
        {
            return new SyncFailures.ProviderRefused();
        }

        ImmutableArray<KeyValuePair<string, string>>? next = query;
        for (var page = 0; next is { } parameters && page < MostPages; page++)
        {
            var outcome = await account.ShowEventsAsync(parameters, cancellation);
            if (!outcome.Try(out var answer, out var why)
                || !GraphReading.ReadPage(answer.Body, Event.CreateFromDiscriminatorValue).Try(out var found, out why))
            {
                return why;
            }

            if (found.Items.FirstOrDefault(item => item.Value.TransactionId == create.Mark.Uuid) is { } made)
            {
                return OutlookEventBodies.Snapshot(made) is { } snapshot && snapshot.Event.Says(create.Event)
                    ? new WriteTrace.Done(made.Id)
                    : new WriteTrace.Overtaken();
            }

            next = found.Next is null ? null : GraphReading.Parameters(found.Next);
        }

        return new WriteTrace.NotDone();
    }

    private static ImmutableArray<KeyValuePair<string, string>>? AskedFor(EventSpan span)
    {
        (DateTimeOffset Start, DateTimeOffset End)? time = span switch
        {
            EventSpan.Timed timed => timed.Instants(),
            EventSpan.AllDay days => (
                new DateTimeOffset(days.First.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero),
                new DateTimeOffset(days.Last.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)),
            _ => null,
        };
        return time is var (start, end)
            ?
            [
                new("startDateTime", start.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
                new("endDateTime", end.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
                new("$top", "100"),
            ]
            : null;
    }

    private static EgressRequest Request(ProviderOperation operation, string? etag = null) =>
        new(MicrosoftServices.Graph, operation)
        {
            Headers = [.. OutlookAccount.Immutable(), .. etag is null ? [] : (KeyValuePair<string, string>[])[new("If-Match", etag)]],
        };
}
