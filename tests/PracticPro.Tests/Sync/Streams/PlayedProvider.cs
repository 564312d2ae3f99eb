using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Sync;
using PracticPro.Sync.Calendars;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Tests.Sync.Streams;

/// <summary>
/// A provider in memory with several streams of events: every change has a number, and a point is one. It forgets, moves,
/// deletes and fails when told to. Without <see cref="Pins"/> a complete reading itself ends with the point, as Graph's does.
/// </summary>
internal sealed class PlayedProvider : IConnector
{
    private readonly List<(int Number, string Item, string From, string To)> log = [];
    private readonly Dictionary<string, (string Stream, string Text)> items = new(StringComparer.Ordinal);
    private readonly Queue<(Func<StreamName, StreamRequest, bool> When, Failure Why)> failures = [];
    private int forgottenUpTo;

    public bool Pins { get; init; } = true;

    public int PageSize { get; set; } = 3;

    public List<string> Streams { get; } = ["one"];

    public int Asked { get; private set; }

    /// <summary>Awaited by each call, which may ask what is stored of an item.</summary>
    public Func<StreamRequest, Func<string, ValueTask<MirroredItem?>>, Task> Calling { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>Stands in for a changed reducer: what is done to each item that is understood.</summary>
    public Func<CalendarEvent, CalendarEvent> Understanding { get; set; } = static item => item;

    public Provider Provider => Provider.Parse("played");

    public string Title => "Played";

    public OAuthTerms Terms => throw new NotSupportedException();

    public IChannels? Channels => null;

    public IReadOnlyList<string> Truth => [.. items.Select(static item => $"{item.Key} {item.Value.Stream} {item.Value.Text}").Order(StringComparer.Ordinal)];

    private int Now => log.Count;

    public void Put(string id, string stream = "one", string text = "text")
    {
        log.Add((Now + 1, id, items.TryGetValue(id, out var before) ? before.Stream : stream, stream));
        items[id] = (stream, text);
    }

    public void Fill(int count, string stream = "one")
    {
        for (var number = 0; number < count; number++)
        {
            Put($"{stream}{number:D3}", stream);
        }
    }

    public void Delete(string id)
    {
        log.Add((Now + 1, id, items[id].Stream, ""));
        items.Remove(id);
    }

    /// <summary>Every point from before now is no longer known.</summary>
    public void Forget()
    {
        log.Add((Now + 1, "", "", ""));
        forgottenUpTo = Now;
    }

    public void DropStream(string stream)
    {
        Streams.Remove(stream);
        foreach (var id in items.Where(item => item.Value.Stream == stream).Select(static item => item.Key).ToList())
        {
            Delete(id);
        }
    }

    public void Fail(Failure why, Func<StreamName, StreamRequest, bool>? when = null, int times = 1)
    {
        for (var time = 0; time < times; time++)
        {
            failures.Enqueue((when ?? (static (_, _) => true), why));
        }
    }

    public Task<Outcome<ConnectedAccount>> IdentifyAsync(
        IAccessTokens tokens, IReadOnlyDictionary<string, string> callback, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<Outcome<ImmutableArray<StreamName>>> StreamsAsync(ConnectorScope scope, CancellationToken cancellation) =>
        Task.FromResult(new Outcome<ImmutableArray<StreamName>>([.. Streams.Select(StreamName.Parse)]));

    public IStreamSource Source(ConnectorScope scope, StreamName stream) => new PlayedStream(this, scope.Connection.Id, stream);

    private Outcome<ProviderAnswers> Answer(StreamName stream, StreamRequest request)
    {
        Asked++;
        if (failures.TryPeek(out var failure) && failure.When(stream, request))
        {
            failures.Dequeue();
            return new Outcome<ProviderAnswers>(failure.Why);
        }

        if (request is not StreamRequest.Ask && !Streams.Contains(stream.Text))
        {
            return new SyncFailures.Gone();
        }

        return request switch
        {
            StreamRequest.Begin => Pins ? One(new Told(null, null, Now, items.Count)) : new ProviderAnswers([]),
            StreamRequest.Read read => One(Listed(stream.Text, read)),
            StreamRequest.Follow follow => Followed(stream.Text, follow) is { } told ? One(told) : new SyncFailures.CursorExpired(),
            StreamRequest.Ask ask => new ProviderAnswers([.. ask.Items.Select(Looked)]),
            _ => throw new InvalidOperationException(),
        };
    }

    private Told Listed(string stream, StreamRequest.Read read)
    {
        var page = items.Where(item => item.Value.Stream == stream && string.CompareOrdinal(item.Key, read.Page) > 0)
            .OrderBy(static item => item.Key, StringComparer.Ordinal)
            .Take(PageSize + 1)
            .ToList();
        var isLast = page.Count <= PageSize;
        return new Told(
            [.. page.Take(PageSize).Select(static item => new Thing(item.Key, item.Value.Stream, item.Value.Text))],
            isLast ? null : page[PageSize - 1].Key,
            isLast && !Pins ? Now : null,
            null);
    }

    private Told? Followed(string stream, StreamRequest.Follow follow)
    {
        var from = int.Parse(follow.Point, System.Globalization.CultureInfo.InvariantCulture);
        if (from < forgottenUpTo)
        {
            return null;
        }

        var skipped = follow.Page is null ? 0 : int.Parse(follow.Page, System.Globalization.CultureInfo.InvariantCulture);
        var changes = log.Where(change => change.Number > from && (change.From == stream || change.To == stream))
            .Select(static change => change.Item)
            .Distinct()
            .Skip(skipped)
            .ToList();
        var isLast = changes.Count <= PageSize;
        return new Told(
            [
                .. changes.Take(PageSize).Select(id => items.TryGetValue(id, out var item) && item.Stream == stream
                    ? new Thing(id, item.Stream, item.Text)
                    : new Thing(id, "", "")),
            ],
            isLast ? null : (skipped + PageSize).ToString(System.Globalization.CultureInfo.InvariantCulture),
            isLast ? Now : null,
            null);
    }

    private ProviderAnswer Looked(string id) => items.TryGetValue(id, out var item)
        ? new ProviderAnswer("look", id, 200, JsonSerializer.SerializeToUtf8Bytes(new Thing(id, item.Stream, item.Text)))
        : new ProviderAnswer("look", id, 404, ReadOnlyMemory<byte>.Empty);

    private static ProviderAnswers One(Told told) => new([new ProviderAnswer("tell", null, 200, JsonSerializer.SerializeToUtf8Bytes(told))]);

    private sealed record Thing(string Id, string Stream, string Text);

    private sealed record Told(ImmutableArray<Thing>? Things, string? Next, int? Point, int? Total);

    private sealed class PlayedStream(PlayedProvider provider, ConnectionId connection, StreamName stream) : IStreamSource
    {
        public IMirror Mirror => EventMirror.Instance;

        public async Task<Outcome<ProviderAnswers>> FetchAsync(
            StreamRequest request, Func<string, ValueTask<MirroredItem?>> known, CancellationToken cancellation)
        {
            await provider.Calling(request, known);
            return provider.Answer(stream, request);
        }

        public Outcome<StreamPage> Reduce(
            StreamRequest request, ProviderAnswers answers, IReadOnlyDictionary<string, MirroredItem> before)
        {
            if (request is StreamRequest.Ask)
            {
                return new StreamPage(
                    [.. answers.Each.Where(static one => one.Status == 200).Select(one => Item(JsonSerializer.Deserialize<Thing>(one.Body.Span)!))],
                    [.. answers.Each.Where(static one => one.Status == 404).Select(static one => one.Argument!)]);
            }

            if (answers.Each.IsEmpty)
            {
                return StreamPage.Empty;
            }

            var told = JsonSerializer.Deserialize<Told>(answers.Each[0].Body.Span)!;
            var things = told.Things ?? [];
            return new StreamPage(
                [.. things.Where(static thing => thing.Stream.Length > 0).Select(Item)],
                [.. things.Where(static thing => thing.Stream.Length == 0).Select(static thing => thing.Id)],
                told.Next,
                told.Point?.ToString(System.Globalization.CultureInfo.InvariantCulture),
                told.Total);
        }

        private MirroredItem Item(Thing thing) => provider.Understanding(new CalendarEvent(
            connection, StreamName.Parse(thing.Stream), thing.Id, thing.Id, "1", EventStatus.Confirmed, thing.Text, "",
            new EventTime(new DateTimeOffset(2027, 3, 1, 9, 0, 0, TimeSpan.Zero), null, null), null, null, [], [], null, null, Free: false, null));
    }
}
