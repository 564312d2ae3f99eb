using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.QuickBooks;

/// <summary>
/// Customers, invoices or payments of one company. A point is a time of QuickBooks' own clock, as it says it with every answer;
/// ours is never asked. Changes are asked for from a little before the point (<see cref="BookPoint"/>).
/// </summary>
internal sealed class BookSource(ConnectionId connection, BookSort sort, QuickBooksCompany company) : IStreamSource
{
    /// <summary>QuickBooks remembers changes for thirty days; a day is left for doubt.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(29);

    /// <summary>So many objects are in an answer at most, and nothing says what was left out.</summary>
    private const int MostChanges = 1_000;

    public IMirror Mirror => sort.Mirror;

    public async Task<Outcome<ProviderAnswers>> FetchAsync(
        StreamRequest request, Func<string, ValueTask<MirroredItem?>> known, CancellationToken cancellation)
    {
        var books = company.In(CallPriorities.Of(request));
        return request switch
        {
            StreamRequest.Begin => One(await books.QueryAsync($"SELECT COUNT(*) FROM {sort.Entity}{sort.Among}", cancellation)),
            StreamRequest.Read read => BookPage.Parse(read.Page) is { } page
                ? One(await books.QueryAsync(Query(page), cancellation))
                : new SyncFailures.CursorExpired(),
            StreamRequest.Follow follow => await ChangesAsync(books, follow.Point, cancellation),
            StreamRequest.Ask ask => await EachAsync(books, ask.Items, cancellation),
            _ => throw new InvalidOperationException("No such request."),
        };
    }

    public Outcome<StreamPage> Reduce(
        StreamRequest request, ProviderAnswers answers, IReadOnlyDictionary<string, MirroredItem> before)
    {
        try
        {
            return (request, answers.Each) switch
            {
                (StreamRequest.Begin, [var counted]) => Begun(counted),
                (StreamRequest.Read read, [var page]) => Read(read, page),
                (StreamRequest.Follow follow, [var changes]) => Followed(follow, changes),
                (StreamRequest.Ask ask, { } each) when each.Length == ask.Items.Length => Asked(each),
                _ => new SyncFailures.AnswerMalformed(),
            };
        }
        catch (JsonException)
        {
            return new SyncFailures.AnswerMalformed();
        }
    }

    private static Outcome<ProviderAnswers> One(Outcome<ProviderAnswer> outcome) =>
        outcome.Then(static answer => new ProviderAnswers([answer]));

    private string Query(BookPage page) => string.Create(
        CultureInfo.InvariantCulture,
        $"SELECT * FROM {sort.Entity}{sort.Among} ORDERBY Id STARTPOSITION {page.Start} MAXRESULTS {BookPage.Size}");

    /// <summary>
    /// Everything is read anew where the answer may leave something out: when the point lies too far back by QuickBooks' own
    /// clock, or the answer is as full as an answer can be.
    /// </summary>
    private async Task<Outcome<ProviderAnswers>> ChangesAsync(
        QuickBooksCompany books, string point, CancellationToken cancellation)
    {
        if (BookPoint.Parse(point) is not { } from)
        {
            return new SyncFailures.CursorExpired();
        }

        var outcome = await books.ChangesAsync(sort.Entity, BookPoint.Text(from.Since), cancellation);
        if (!outcome.Try(out var answer, out var why))
        {
            return why is SyncFailures.ProviderRefused && await IsForgottenAsync(books, from.At, cancellation)
                ? new SyncFailures.CursorExpired()
                : why;
        }

        using var json = JsonDocument.Parse(answer.Body);
        return TimeOf(json.RootElement) - from.At > Remembered || Changes(json.RootElement).Count() >= MostChanges
            ? new SyncFailures.CursorExpired()
            : new ProviderAnswers([answer]);
    }

    /// <summary>Whether a refusal can come of the point's age: what the time is there, another answer tells.</summary>
    private async Task<bool> IsForgottenAsync(QuickBooksCompany books, DateTimeOffset from, CancellationToken cancellation)
    {
        var outcome = await books.QueryAsync($"SELECT COUNT(*) FROM {sort.Entity}", cancellation);
        if (!outcome.Try(out var answer, out _))
        {
            return false;
        }

        using var json = JsonDocument.Parse(answer.Body);
        return TimeOf(json.RootElement) - from > Remembered;
    }

    private async Task<Outcome<ProviderAnswers>> EachAsync(
        QuickBooksCompany books, ImmutableArray<string> items, CancellationToken cancellation)
    {
        var answers = ImmutableArray.CreateBuilder<ProviderAnswer>(items.Length);
        foreach (var item in items)
        {
            var outcome = await books.ReadAsync(sort.Read, item, cancellation);
            if (outcome.Try(out var answer, out var why))
            {
                answers.Add(answer);
            }
            else if (why is SyncFailures.Gone)
            {
                answers.Add(new ProviderAnswer(sort.Read.Name, item, StatusCodes.Status404NotFound, ReadOnlyMemory<byte>.Empty));
            }
            else
            {
                return why;
            }
        }

        return new ProviderAnswers(answers.ToImmutable());
    }

    private static Outcome<StreamPage> Begun(ProviderAnswer counted)
    {
        using var json = JsonDocument.Parse(counted.Body);
        return TimeOf(json.RootElement) is { } now && Total(json.RootElement) is { } total
            ? StreamPage.Empty with { NextPoint = BookPoint.Pinned(now).ToString(), Total = total }
            : new SyncFailures.AnswerMalformed();
    }

    private Outcome<StreamPage> Read(StreamRequest.Read request, ProviderAnswer answer)
    {
        using var json = JsonDocument.Parse(answer.Body);
        if (BookPage.Parse(request.Page) is not { } page
            || !json.RootElement.TryGetProperty("QueryResponse", out var response)
            || Understood(Rows(response)) is not { } items)
        {
            return new SyncFailures.AnswerMalformed();
        }

        var next = page.After([.. items.Select(static item => item.SourceId)]);
        return new StreamPage([.. items.DistinctBy(static item => item.SourceId)], [], next?.ToString());
    }

    private Outcome<StreamPage> Followed(StreamRequest.Follow request, ProviderAnswer answer)
    {
        using var json = JsonDocument.Parse(answer.Body);
        if (TimeOf(json.RootElement) is not { } now || BookPoint.Parse(request.Point) is not { } from || !IsWhole(json.RootElement))
        {
            return new SyncFailures.AnswerMalformed();
        }

        var changes = Changes(json.RootElement).ToLookup(IsDeleted);
        if (Understood(changes[false]) is not { } items || changes[true].Any(static row => BookReader.Text(row, "Id") is null))
        {
            return new SyncFailures.AnswerMalformed();
        }

        // An id never comes back: what is told as deleted and as changed was changed before.
        var gone = changes[true].Select(static row => BookReader.Text(row, "Id")!).ToImmutableHashSet();
        return new StreamPage(
            [.. items.Where(item => !gone.Contains(item.SourceId)).DistinctBy(static item => item.SourceId)],
            [.. gone.Order(StringComparer.Ordinal)],
            NextPoint: from.After(now).ToString());
    }

    private Outcome<StreamPage> Asked(ImmutableArray<ProviderAnswer> each)
    {
        List<MirroredItem> present = [];
        List<string> gone = [];
        foreach (var answer in each)
        {
            if (answer.Argument is not { } key)
            {
                return new SyncFailures.AnswerMalformed();
            }

            if (answer.Status == StatusCodes.Status404NotFound)
            {
                gone.Add(key);
                continue;
            }

            using var json = JsonDocument.Parse(answer.Body);
            if (!json.RootElement.TryGetProperty(sort.Entity, out var entity))
            {
                return new SyncFailures.AnswerMalformed();
            }

            if (IsDeleted(entity))
            {
                gone.Add(key);
            }
            else if (sort.Understand(connection, sort.Stream, entity) is { } item && item.SourceId == key)
            {
                present.Add(item);
            }
            else
            {
                return new SyncFailures.AnswerMalformed();
            }
        }

        return new StreamPage([.. present], [.. gone]);
    }

    /// <summary>Null when one of them cannot be understood.</summary>
    private List<MirroredItem>? Understood(IEnumerable<JsonElement> rows)
    {
        List<MirroredItem> items = [];
        foreach (var row in rows)
        {
            if (sort.Understand(connection, sort.Stream, row) is not { } item)
            {
                return null;
            }

            items.Add(item);
        }

        return items;
    }

    /// <summary>An answer that tells of changes, if of none; a part that failed for itself makes it none.</summary>
    private static bool IsWhole(JsonElement whole)
    {
        var parts = Array(whole, "CDCResponse").SelectMany(static one => Array(one, "QueryResponse")).ToList();
        return parts.Count > 0
            && parts.All(static part => part.ValueKind == JsonValueKind.Object && !part.TryGetProperty("Fault", out _));
    }

    private IEnumerable<JsonElement> Changes(JsonElement whole) =>
        Array(whole, "CDCResponse").SelectMany(static one => Array(one, "QueryResponse")).SelectMany(Rows);

    /// <summary>The rows of an answer; an empty one does not even have the entity's name.</summary>
    private IEnumerable<JsonElement> Rows(JsonElement response) => Array(response, sort.Entity);

    private static JsonElement.ArrayEnumerator Array(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array
            ? items.EnumerateArray()
            : default;

    private static bool IsDeleted(JsonElement entity) => BookReader.Text(entity, "status") == "Deleted";

    private static int? Total(JsonElement whole) =>
        whole.TryGetProperty("QueryResponse", out var response)
        && response.ValueKind == JsonValueKind.Object
        && response.TryGetProperty("totalCount", out var count)
        && count.ValueKind == JsonValueKind.Number
        && count.TryGetInt32(out var total)
            ? total
            : null;

    private static DateTimeOffset? TimeOf(JsonElement whole) => BookReader.Time(BookReader.Text(whole, "time"));
}
