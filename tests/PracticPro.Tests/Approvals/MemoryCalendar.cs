using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Published;
using PracticPro.Tests.Contracts;

namespace PracticPro.Tests.Approvals;

/// <summary>
/// A calendar in memory that behaves as Google's does: ids of the caller's choice that are never free again, ETags that
/// guard changes, deleted events that stay as shadows. It asks for permits as the door does.
/// </summary>
internal sealed class MemoryCalendar : CalendarUnderTest, IEventWriter
{
    private static readonly ProviderOperation Insert =
        ProviderOperation.WriteWhole("memory-events-insert", HttpMethod.Post, "/calendar/events");

    private static readonly ProviderOperation Patch =
        ProviderOperation.WriteWhole("memory-events-patch", HttpMethod.Patch, "/calendar/events/{0}");

    private static readonly ProviderOperation Delete =
        ProviderOperation.WriteWhole("memory-events-delete", HttpMethod.Delete, "/calendar/events/{0}");

    private static readonly Processor Place =
        new("memory-calendar", new Uri("https://calendar.example"), "A double.", [Insert, Patch, Delete]);

    private readonly Dictionary<string, Entry> entries = [];
    private readonly Lock gate = new();
    private int versions;
    private WriteFault? fault;

    public override TenantId Tenant { get; } = TenantId.Parse("test-a");

    public override ConnectionId Connection { get; } = ConnectionId.New(TimeProvider.System);

    public override IEventWriter Writer => this;

    public SenderStanding Standing { get; set; } = new(EmailAddress.Parse("owner@practice.example"), Active: true, MaySend: true);

    /// <summary>How often something was really changed there by the program.</summary>
    public int Writes { get; private set; }

    /// <summary>What somebody does there between the program's look and its write.</summary>
    public Func<Task>? BeforeNextWrite { get; set; }

    public override void FailNextWrite(WriteFault fault) => this.fault = fault;

    /// <summary>Somebody else's event under an id of the program's choice.</summary>
    public void PutUnder(string id, EventContent content)
    {
        lock (gate)
        {
            entries[id] = new Entry(content, NextETag());
        }
    }

    public override async Task<EventPlace> MakeAsync(EventContent content)
    {
        await Task.CompletedTask;
        lock (gate)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"byhand{entries.Count}");
            entries[id] = new Entry(content, NextETag());
            return new EventPlace("", id);
        }
    }

    public override Task RenameAsync(EventPlace place, string title) => ChangeAsync(place, entry => entry with
    {
        Content = entry.Content with { Title = title },
    });

    public override Task DeleteAsync(EventPlace place) => ChangeAsync(place, static entry => entry with { Gone = true });

    public override async Task<IReadOnlyList<EventContent>> EventsAsync()
    {
        await Task.CompletedTask;
        lock (gate)
        {
            return [.. entries.Values.Where(entry => !entry.Gone).Select(entry => entry.Content)];
        }
    }

    public Task<Outcome<SenderStanding>> StandingAsync(
        TenantId tenant, ConnectionId connection, CancellationToken cancellation) =>
        Task.FromResult(new Outcome<SenderStanding>(Standing));

    public Task<Outcome<EventSnapshot>> ReadAsync(
        TenantId tenant, ConnectionId connection, EventPlace place, CancellationToken cancellation) =>
        Task.FromResult<Outcome<EventSnapshot>>(Find(place.EventId) is { Gone: false } entry
            ? new EventSnapshot(entry.Content, entry.ETag, IsSeries: false, IsOurs: true)
            : new NotThere());

    public Task<Outcome<OutgoingWrite>> ComposeAsync(
        TenantId tenant, ConnectionId connection, EventOrder order, CancellationToken cancellation)
    {
        KeyValuePair<string, string> tell = new("tell", order.TellGuests ? "all" : "none");
        var request = order switch
        {
            EventOrder.Create create => new EgressRequest(Place, Insert)
            {
                Query = [tell], Body = CanonicalBody.Of(Json(create.Event, create.Mark.Hex)),
            },
            EventOrder.Change change => new EgressRequest(Place, Patch)
            {
                PathArguments = [change.Place.EventId],
                Query = [tell],
                Headers = [new("If-Match", change.ETag)],
                Body = CanonicalBody.Of(Json(change.Event, null)),
            },
            EventOrder.Cancel cancel => new EgressRequest(Place, Delete)
            {
                PathArguments = [cancel.Place.EventId], Query = [tell], Headers = [new("If-Match", cancel.ETag)],
            },
            _ => throw new InvalidOperationException("An order of no known kind."),
        };
        return Task.FromResult(new Outcome<OutgoingWrite>(OutgoingWrite.Of(request)));
    }

    public async Task<WriteOutcome> WriteAsync(
        TenantId tenant, ConnectionId connection, SendPermit permit, OutgoingWrite write, CancellationToken cancellation)
    {
        var before = BeforeNextWrite;
        BeforeNextWrite = null;
        await (before?.Invoke() ?? Task.CompletedTask);
        var request = write.ToRequest(Place);
        if (permit.Tenant != tenant || !permit.TrySpend(request.Operation, request.Operation.Outgoing!(request)!.Value.Span))
        {
            return new WriteOutcome.NotDone(new EgressFailures.NoPermit());
        }

        lock (gate)
        {
            var now = fault;
            fault = null;
            if (now is WriteFault.RateLimit)
            {
                return new WriteOutcome.NotDone(new Pause());
            }

            if (now is WriteFault.LoseRequest or WriteFault.ServerError)
            {
                return new WriteOutcome.Unclear();
            }

            var outcome = Act(request);
            return now is WriteFault.LoseAnswer ? new WriteOutcome.Unclear() : outcome;
        }
    }

    public Task<Outcome<WriteTrace>> LookUpAsync(
        TenantId tenant, ConnectionId connection, EventOrder order, OutgoingWrite write, CancellationToken cancellation) =>
        Task.FromResult(new Outcome<WriteTrace>(order switch
        {
            EventOrder.Create create => Find(create.Mark.Hex) switch
            {
                null => new WriteTrace.NotDone(),
                { } entry when entry.Gone || entry.Content.Says(create.Event) => new WriteTrace.Done(create.Mark.Hex),
                _ => new WriteTrace.Overtaken(),
            },
            EventOrder.Change change => Find(change.Place.EventId) switch
            {
                { Gone: false } entry when entry.Content.Says(change.Event) => new WriteTrace.Done(change.Place.EventId),
                { Gone: false } entry when entry.ETag == change.ETag => new WriteTrace.NotDone(),
                _ => new WriteTrace.Overtaken(),
            },
            EventOrder.Cancel cancel => Find(cancel.Place.EventId) switch
            {
                null or { Gone: true } => new WriteTrace.Done(cancel.Place.EventId),
                { } entry when entry.ETag == cancel.ETag => new WriteTrace.NotDone(),
                _ => new WriteTrace.Overtaken(),
            },
            _ => throw new InvalidOperationException("An order of no known kind."),
        }));

    private static JsonObject Json(EventContent content, string? id)
    {
        var json = new JsonObject
        {
            ["title"] = content.Title,
            ["description"] = content.Description,
            ["location"] = content.Location,
            ["guests"] = new JsonArray([.. content.Guests.Select(guest => JsonValue.Create(guest.Address.Text))]),
            ["when"] = content.When switch
            {
                EventSpan.Timed timed => new JsonObject
                {
                    ["start"] = timed.Start.ToString("s", CultureInfo.InvariantCulture),
                    ["end"] = timed.End.ToString("s", CultureInfo.InvariantCulture),
                    ["zone"] = timed.Zone,
                },
                EventSpan.AllDay days => new JsonObject
                {
                    ["first"] = days.First.ToString("O", CultureInfo.InvariantCulture),
                    ["last"] = days.Last.ToString("O", CultureInfo.InvariantCulture),
                },
                _ => throw new InvalidOperationException("A span of no known kind."),
            },
        };
        if (id is not null)
        {
            json["id"] = id;
        }

        return json;
    }

    private static EventContent Content(JsonNode json)
    {
        var when = json["when"]!;
        return new EventContent(
            (string)json["title"]!,
            (string)json["description"]!,
            (string)json["location"]!,
            when["zone"] is { } zone
                ? new EventSpan.Timed(Time(when["start"]!), Time(when["end"]!), (string)zone!)
                : new EventSpan.AllDay(Day(when["first"]!), Day(when["last"]!)),
            [.. json["guests"]!.AsArray().Select(guest => new EventGuest(EmailAddress.Parse((string)guest!), ""))]);
    }

    private static DateTime Time(JsonNode text) => DateTime.ParseExact((string)text!, "s", CultureInfo.InvariantCulture);

    private static DateOnly Day(JsonNode text) => DateOnly.ParseExact((string)text!, "O", CultureInfo.InvariantCulture);

    private WriteOutcome Act(EgressRequest request)
    {
        if (request.Operation == Insert)
        {
            var json = JsonNode.Parse(request.Body.Span)!;
            var id = (string)json["id"]!;
            if (!entries.TryAdd(id, new Entry(Content(json), NextETag())))
            {
                return new WriteOutcome.Unclear();
            }

            Writes++;
            return new WriteOutcome.Done(id);
        }

        var target = request.PathArguments[0];
        if (!entries.TryGetValue(target, out var entry) || entry.Gone)
        {
            return new WriteOutcome.Unclear();
        }

        if (entry.ETag != request.Headers.Single(header => header.Key == "If-Match").Value)
        {
            return new WriteOutcome.Overtaken();
        }

        entries[target] = request.Operation == Delete
            ? entry with { Gone = true, ETag = NextETag() }
            : new Entry(Content(JsonNode.Parse(request.Body.Span)!), NextETag());
        Writes++;
        return new WriteOutcome.Done(target);
    }

    private Entry? Find(string id)
    {
        lock (gate)
        {
            return entries.GetValueOrDefault(id);
        }
    }

    private async Task ChangeAsync(EventPlace place, Func<Entry, Entry> change)
    {
        await Task.CompletedTask;
        lock (gate)
        {
            entries[place.EventId] = change(entries[place.EventId]) with { ETag = NextETag() };
        }
    }

    private string NextETag() => string.Create(CultureInfo.InvariantCulture, $"\"{++versions}\"");

    private sealed record Entry(EventContent Content, string ETag, bool Gone = false);

    private sealed record NotThere() : Failure.NotFound("gone-at-provider", "It is no longer there.");

    private sealed record Pause() : Failure.TooMany("provider-rate-limited", "The provider asks for a pause.", TimeSpan.FromSeconds(7));
}
