using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Calendars;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.GoogleCalendar;

/// <summary>
/// The primary calendar. Series are read as they are and expanded by whoever shows them: some never end. A complete reading
/// ends with the sync token that is followed; when the provider forgot it, everything is read anew, and what that reading
/// did not show is asked about one by one.
/// </summary>
/// <param name="open">Opens the account for calls of that hurry.</param>
internal sealed class CalendarSource(
    ConnectionId connection, StreamName stream, Func<CallPriority, CalendarAccount> open) : IStreamSource
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };

    public IMirror Mirror => EventMirror.Instance;

    public async Task<Outcome<ProviderAnswers>> FetchAsync(
        StreamRequest request, Func<string, ValueTask<MirroredItem?>> known, CancellationToken cancellation) => request switch
    {
        StreamRequest.Begin => new ProviderAnswers([]),
        StreamRequest.Read read => One(await Account(request).ListAsync(null, read.Page, cancellation)),
        StreamRequest.Follow follow => One(await Account(request).ListAsync(follow.Point, follow.Page, cancellation)),
        StreamRequest.Ask ask => await EachAsync(Account(request), ask.Items, cancellation),
        _ => throw new InvalidOperationException("No such request."),
    };

    public Outcome<StreamPage> Reduce(
        StreamRequest request, ProviderAnswers answers, IReadOnlyDictionary<string, MirroredItem> before)
    {
        try
        {
            return (request, answers.Each) switch
            {
                (StreamRequest.Begin, []) => StreamPage.Empty,
                (StreamRequest.Read or StreamRequest.Follow, [var page]) => Listed(page),
                (StreamRequest.Ask ask, _) => Asked(ask.Items, answers.Each),
                _ => new SyncFailures.AnswerMalformed(),
            };
        }
        catch (JsonException)
        {
            return new SyncFailures.AnswerMalformed();
        }
    }

    private CalendarAccount Account(StreamRequest request) => open(CallPriorities.Of(request));

    private static Outcome<ProviderAnswers> One(Outcome<EgressAnswer> outcome) => outcome.Try(out var answer, out var why)
        ? new ProviderAnswers([Answer(GoogleCalendarServices.ListEvents, null, answer)])
        : why;

    private static ProviderAnswer Answer(ProviderOperation operation, string? argument, EgressAnswer answer) =>
        new(operation.Name, argument, (int)answer.Status, answer.Body, answer.Date);

    /// <summary>Asks about each, and about the series of an occurrence that was called off: it lives as long as that does.</summary>
    private static async Task<Outcome<ProviderAnswers>> EachAsync(
        CalendarAccount account, ImmutableArray<string> items, CancellationToken cancellation)
    {
        var answers = new OrderedDictionary<string, ProviderAnswer>(StringComparer.Ordinal);
        var left = new Queue<string>(items);
        while (left.TryDequeue(out var item))
        {
            if (answers.ContainsKey(item))
            {
                continue;
            }

            var outcome = await account.GetAsync(item, cancellation);
            if (outcome.Try(out var answer, out var why))
            {
                answers.Add(item, Answer(GoogleCalendarServices.GetEvent, item, answer));
                if (Series(answer.Body) is { } series)
                {
                    left.Enqueue(series);
                }
            }
            else if (why is SyncFailures.Gone)
            {
                var gone = new EgressAnswer(System.Net.HttpStatusCode.NotFound, default);
                answers.Add(item, Answer(GoogleCalendarServices.GetEvent, item, gone));
            }
            else
            {
                return why;
            }
        }

        return new ProviderAnswers([.. answers.Values]);
    }

    private static string? Series(ReadOnlyMemory<byte> body)
    {
        try
        {
            var shape = JsonSerializer.Deserialize<CalendarShapes.Event>(body.Span, Json);
            return shape is { IsCancelled: true } ? shape.Series : null;
        }
        catch (JsonException)
        {
            // Said when it is reduced.
            return null;
        }
    }

    private Outcome<StreamPage> Listed(ProviderAnswer answer)
    {
        var list = JsonSerializer.Deserialize<CalendarShapes.EventList>(answer.Body.Span, Json);
        if (list is null || (list.NextPage is null) == (list.NextPoint is null))
        {
            return new SyncFailures.AnswerMalformed();
        }

        // An event that is told twice is as it was told last.
        var last = (list.Items ?? []).GroupBy(static shape => shape.Id).Select(static told => told.Last()).ToList();
        var ended = last.Where(static shape => shape is { IsCancelled: true, Series: null })
            .Select(static shape => shape.Id).ToImmutableHashSet();
        return Page(
            last,
            shape => ended.Contains(shape.Id) || (shape.IsCancelled && ended.Contains(shape.Series!)),
            list.NextPage,
            list.NextPoint);
    }

    private Outcome<StreamPage> Asked(ImmutableArray<string> items, ImmutableArray<ProviderAnswer> each)
    {
        Dictionary<string, CalendarShapes.Event?> found = new(StringComparer.Ordinal);
        foreach (var answer in each)
        {
            if (answer.Argument is not { } item)
            {
                return new SyncFailures.AnswerMalformed();
            }

            found[item] = answer.Status == StatusCodes.Status404NotFound
                ? null
                : JsonSerializer.Deserialize<CalendarShapes.Event>(answer.Body.Span, Json);
        }

        if (items.Any(item => !found.TryGetValue(item, out var shape) || (shape is not null && shape.Id != item)))
        {
            return new SyncFailures.AnswerMalformed();
        }

        var page = Page(
            [.. items.Select(item => found[item]).OfType<CalendarShapes.Event>()],
            shape => shape.IsCancelled
                && (shape.Series is not { } series || found.GetValueOrDefault(series) is null or { IsCancelled: true }),
            null,
            null);
        return page.Try(out var seen, out var why)
            ? seen with { Gone = [.. seen.Gone, .. items.Where(item => found[item] is null)] }
            : why;
    }

    /// <summary>A cancelled event is gone; an occurrence that was called off says so for as long as its series lives.</summary>
    private Outcome<StreamPage> Page(
        List<CalendarShapes.Event> shapes, Func<CalendarShapes.Event, bool> isGone, string? nextPage, string? nextPoint)
    {
        var present = ImmutableArray.CreateBuilder<MirroredItem>(shapes.Count);
        foreach (var shape in shapes.Where(shape => !isGone(shape)))
        {
            if (EventReader.Read(connection, stream, shape) is not { } item)
            {
                return new SyncFailures.AnswerMalformed();
            }

            present.Add(item);
        }

        return new StreamPage(
            present.ToImmutable(), [.. shapes.Where(isGone).Select(static shape => shape.Id)], nextPage, nextPoint);
    }
}
