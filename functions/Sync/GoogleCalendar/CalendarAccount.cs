using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Gmail;

namespace PracticPro.Sync.GoogleCalendar;

/// <summary>
/// One connected calendar at Google: the calls that are made there; how they are made is <see cref="AccountCalls"/>. A write is
/// never repeated here.
/// </summary>
internal sealed class CalendarAccount(EgressDoor door, IAccessTokens tokens, CallEntrance entrance, TimeProvider time)
{
    /// <summary>The account's own first calendar, whatever it is called.</summary>
    public const string Primary = "primary";

    /// <summary>What the mirror keeps. No description, no links, no attachments, no conference ever crosses the wire.</summary>
    private const string KeptFields =
        "id,etag,status,summary,location,start,end,organizer,attendees(email,displayName,responseStatus,self,organizer),"
        + "recurrence,recurringEventId,originalStartTime,iCalUID,transparency,updated";

    private const int PageSize = 250;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };

    private readonly AccountCalls calls = new(
        door, tokens, entrance, answer => answer.IsSuccess ? null : GmailErrors.Classify(answer, time.GetUtcNow()));

    /// <summary>
    /// A page of all events, or, with a sync token, of what changed since; series as they are. A place that is no longer
    /// known gives <see cref="SyncFailures.CursorExpired"/>.
    /// </summary>
    public async Task<Outcome<EgressAnswer>> ListAsync(string? syncToken, string? pageToken, CancellationToken cancellation)
    {
        ImmutableArray<KeyValuePair<string, string>> query =
        [
            new("maxResults", PageSize.ToString(CultureInfo.InvariantCulture)),
            new("singleEvents", "false"),
            new("fields", $"nextPageToken,nextSyncToken,items({KeptFields})"),
        ];
        query = syncToken is null ? query : query.Add(new("syncToken", syncToken));
        query = pageToken is null ? query : query.Add(new("pageToken", pageToken));
        var outcome = await AskAsync(new EgressRequest(GoogleCalendarServices.Calendar, GoogleCalendarServices.ListEvents)
        {
            PathArguments = [Primary],
            Query = query,
        }, cancellation);
        return outcome.Failure switch
        {
            SyncFailures.Gone => new SyncFailures.CursorExpired(),

            // Nothing else in this request can be wrong today that was right yesterday.
            SyncFailures.ProviderRefused when syncToken is not null || pageToken is not null => new SyncFailures.CursorExpired(),
            _ => outcome,
        };
    }

    /// <summary>Whose calendar it is, as far as events and the calendar's own name tell.</summary>
    public async Task<Outcome<CalendarShapes.EventList>> OwnerAsync(CancellationToken cancellation) =>
        Read<CalendarShapes.EventList>(await AskAsync(
            new EgressRequest(GoogleCalendarServices.Calendar, GoogleCalendarServices.ListEvents)
            {
                PathArguments = [Primary],
                Query = [new("maxResults", "50"), new("fields", "summary,items(id,organizer(email,self),creator(email,self))")],
            },
            cancellation));

    /// <summary>One event as the mirror keeps it.</summary>
    public Task<Outcome<EgressAnswer>> GetAsync(string eventId, CancellationToken cancellation) =>
        AskAsync(Get(Primary, eventId) with { Query = [new("fields", KeptFields)] }, cancellation);

    /// <summary>One event as a person is shown it before it is changed: with what is written in it.</summary>
    public async Task<Outcome<CalendarShapes.Event>> ShowAsync(
        string calendar, string eventId, CancellationToken cancellation) =>
        Read<CalendarShapes.Event>(await AskAsync(
            Get(calendar, eventId) with { Query = [new("fields", KeptFields + ",description")] }, cancellation));

    public async Task<Outcome<CalendarShapes.Channel>> WatchAsync(ReadOnlyMemory<byte> order, CancellationToken cancellation) =>
        Read<CalendarShapes.Channel>(await AskAsync(
            new EgressRequest(GoogleCalendarServices.Calendar, GoogleCalendarServices.WatchEvents)
            {
                PathArguments = [Primary],
                Body = order,
            },
            cancellation));

    public Task<Outcome<EgressAnswer>> StopAsync(string channel, string resource, CancellationToken cancellation) =>
        AskAsync(
            new EgressRequest(GoogleCalendarServices.Calendar, GoogleCalendarServices.StopChannel)
            {
                Body = JsonSerializer.SerializeToUtf8Bytes(new { id = channel, resourceId = resource }, Json),
            },
            cancellation);

    /// <summary>Makes the write once and tells the answer as it is, whatever its status.</summary>
    public async Task<Outcome<EgressAnswer>> WriteAsync(EgressRequest write, CancellationToken cancellation)
    {
        var access = await tokens.CurrentAsync(cancellation);
        if (!access.Try(out var token, out var why))
        {
            return why;
        }

        var entered = await entrance.EnterAsync(1, cancellation);
        if (!entered.Try(out var lease, out why))
        {
            return why;
        }

        using var underWay = lease;
        var outcome = await door.SendAsync(write with { Bearer = token }, cancellation);
        if (!outcome.Try(out var answer, out _))
        {
            return outcome;
        }

        _ = calls.RefusalIn(answer, lease);
        if (answer.Status == HttpStatusCode.Unauthorized)
        {
            // Not repeated here; but the caller's next try finds a token that works.
            await tokens.RenewAsync(token, cancellation);
        }

        return outcome;
    }

    private static EgressRequest Get(string calendar, string eventId) =>
        new(GoogleCalendarServices.Calendar, GoogleCalendarServices.GetEvent) { PathArguments = [calendar, eventId] };

    private static Outcome<T> Read<T>(Outcome<EgressAnswer> outcome)
        where T : class
    {
        if (!outcome.Try(out var answer, out var why))
        {
            return why;
        }

        try
        {
            var value = JsonSerializer.Deserialize<T>(answer.Body.Span, Json);
            return value is null ? new SyncFailures.AnswerMalformed() : value;
        }
        catch (JsonException)
        {
            return new SyncFailures.AnswerMalformed();
        }
    }

    private Task<Outcome<EgressAnswer>> AskAsync(EgressRequest request, CancellationToken cancellation) =>
        calls.AnswerAsync(request, units: 1, cancellation);
}
