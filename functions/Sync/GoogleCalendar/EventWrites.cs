using System.Net;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.GoogleCalendar;

/// <summary>
/// Composes, makes and looks up writes to one calendar account. A creation carries an id that follows from its mark, which
/// Google takes once and never again; changes and cancellations go by the ETag the approver was shown.
/// </summary>
internal static class EventWrites
{
    public static OutgoingWrite Compose(EventOrder order)
    {
        KeyValuePair<string, string> tell = new("sendUpdates", order.TellGuests ? "all" : "none");
        var request = order switch
        {
            EventOrder.Create create => Request(GoogleCalendarServices.InsertEvent) with
            {
                PathArguments = [Calendar(create.Calendar)],
                Body = EventBodies.Of(create.Event, create.Mark.Hex),
            },
            EventOrder.Change change => Request(GoogleCalendarServices.PatchEvent) with
            {
                PathArguments = [Calendar(change.Place.Calendar), change.Place.EventId],
                Headers = [new("If-Match", change.ETag)],
                Body = EventBodies.Of(change.Event, null),
            },
            EventOrder.Cancel cancel => Request(GoogleCalendarServices.DeleteEvent) with
            {
                PathArguments = [Calendar(cancel.Place.Calendar), cancel.Place.EventId],
                Headers = [new("If-Match", cancel.ETag)],
            },
            _ => throw new InvalidOperationException("An order of no known kind."),
        };
        return OutgoingWrite.Of(request with { Query = [tell] });
    }

    public static async Task<WriteOutcome> WriteAsync(
        CalendarAccount account, SendPermit permit, OutgoingWrite write, DateTimeOffset now, CancellationToken cancellation)
    {
        var request = write.ToRequest(GoogleCalendarServices.Calendar) with { Permit = permit };
        var outcome = await account.WriteAsync(request, cancellation);
        if (!outcome.Try(out var answer, out var why))
        {
            // Without an answer it may have acted; everything else was over before anything was sent.
            return why is EgressFailures.NoAnswer or EgressFailures.AnswerTooLarge ? new WriteOutcome.Unclear() : new WriteOutcome.NotDone(why);
        }

        var key = KeyOf(write);
        return answer.Status switch
        {
            _ when answer.IsSuccess && key is not null => new WriteOutcome.Done(key),
            HttpStatusCode.Gone when key is not null && request.Operation == GoogleCalendarServices.DeleteEvent =>
                new WriteOutcome.Done(key),
            HttpStatusCode.PreconditionFailed => new WriteOutcome.Overtaken(),
            _ => GmailErrors.Classify(answer, now) switch
            {
                // An id that is taken is a refusal too: whether it was taken by us, a look tells.
                SyncFailures.ProviderRefused when answer.Status == HttpStatusCode.Conflict => new WriteOutcome.Unclear(),
                Failure no and (SyncFailures.RateLimited or SyncFailures.ScopeMissing or SyncFailures.ProviderRefused
                    or SyncFailures.AccessExpired) => new WriteOutcome.NotDone(no),
                _ => new WriteOutcome.Unclear(),
            },
        };
    }

    public static async Task<Outcome<WriteTrace>> LookUpAsync(
        CalendarAccount account, EventOrder order, CancellationToken cancellation)
    {
        var (calendar, key) = order switch
        {
            EventOrder.Create create => (create.Calendar, create.Mark.Hex),
            EventOrder.Change change => (change.Place.Calendar, change.Place.EventId),
            EventOrder.Cancel cancel => (cancel.Place.Calendar, cancel.Place.EventId),
            _ => throw new InvalidOperationException("An order of no known kind."),
        };
        var outcome = await account.ShowAsync(Calendar(calendar), key, cancellation);
        if (outcome.Failure is { } why and not SyncFailures.Gone)
        {
            return why;
        }

        var found = outcome.Try(out var shape, out _) ? shape : null;
        return order switch
        {
            EventOrder.Create create => found switch
            {
                null => new WriteTrace.NotDone(),
                { IsCancelled: true } => new WriteTrace.Done(key),
                _ when Says(found, create.Event) => new WriteTrace.Done(key),
                _ => new WriteTrace.Overtaken(),
            },
            EventOrder.Change change => found switch
            {
                null or { IsCancelled: true } => new WriteTrace.Overtaken(),
                _ when Says(found, change.Event) => new WriteTrace.Done(key),
                _ when found.Etag == change.ETag => new WriteTrace.NotDone(),
                _ => new WriteTrace.Overtaken(),
            },
            EventOrder.Cancel cancel => found switch
            {
                null or { IsCancelled: true } => new WriteTrace.Done(key),
                _ when found.Etag == cancel.ETag => new WriteTrace.NotDone(),
                _ => new WriteTrace.Overtaken(),
            },
            _ => throw new InvalidOperationException("An order of no known kind."),
        };
    }

    public static async Task<Outcome<EventSnapshot>> ReadAsync(
        CalendarAccount account, EventPlace place, CancellationToken cancellation)
    {
        var outcome = await account.ShowAsync(Calendar(place.Calendar), place.EventId, cancellation);
        return !outcome.Try(out var shape, out var why) ? why
            : shape.IsCancelled ? new SyncFailures.Gone()
            : EventBodies.Snapshot(shape) is { } snapshot ? snapshot
            : new SyncFailures.AnswerMalformed();
    }

    private static EgressRequest Request(ProviderOperation operation) => new(GoogleCalendarServices.Calendar, operation);

    private static string Calendar(string calendar) => calendar.Length > 0 ? calendar : CalendarAccount.Primary;

    /// <summary>The id of what it writes: in its address, or where it makes one, in its body.</summary>
    private static string? KeyOf(OutgoingWrite write) => write.PathArguments is [_, var key]
        ? key
        : EventBodies.KeyIn(write.Body());

    private static bool Says(CalendarShapes.Event found, EventContent ordered) =>
        EventBodies.Snapshot(found) is { } snapshot && snapshot.Event.Says(ordered);
}
