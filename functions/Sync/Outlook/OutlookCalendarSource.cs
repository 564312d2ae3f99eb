using System.Collections.Immutable;
using System.Net;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Calendars;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using Event = Microsoft.Graph.Models.Event;

namespace PracticPro.Sync.Outlook;

/// <summary>
/// The account's main calendar within a window of days that moves. Occurrences come one by one, in few words; what they do
/// not say they have from their series. What a page calls removed may only have left the window: it is asked for, and only
/// "not found" deletes.
/// Source: Microsoft Graph, "Get incremental changes to events in a calendar view".
/// </summary>
/// <param name="open">Opens the account for calls of that hurry.</param>
internal sealed class OutlookCalendarSource(
    ConnectionId connection, StreamName stream, Func<CallPriority, OutlookAccount> open, TimeProvider time) : IStreamSource
{
    public IMirror Mirror => EventMirror.Instance;

    public Task<Outcome<ProviderAnswers>> FetchAsync(
        StreamRequest request, Func<string, ValueTask<MirroredItem?>> known, CancellationToken cancellation) => request switch
    {
        StreamRequest.Begin => Task.FromResult(new Outcome<ProviderAnswers>(new ProviderAnswers([]))),
        StreamRequest.Read { Page: { } page } => ContinueAsync(Account(request), page, known, cancellation),
        StreamRequest.Read => BeginAsync(Account(request), known, cancellation),
        StreamRequest.Follow { Page: { } page } => ContinueAsync(Account(request), page, known, cancellation),
        StreamRequest.Follow follow => FollowAsync(Account(request), follow.Point, known, cancellation),
        StreamRequest.Ask ask => EachAsync(Account(request), [], ask.Items, cancellation),
        _ => throw new InvalidOperationException("No such request."),
    };

    public ImmutableArray<string> Needs(StreamRequest request, ProviderAnswers answers)
    {
        if (request is StreamRequest.Ask || answers.Each is not [var listing, .. var asked]
            || !GraphReading.ReadPage(listing.Body, Event.CreateFromDiscriminatorValue).Try(out var page, out _))
        {
            return [];
        }

        return [.. SeriesOf(page).Select(static told => told.Key).Except(asked.Select(static one => one.Argument!))];
    }

    public Outcome<StreamPage> Reduce(
        StreamRequest request, ProviderAnswers answers, IReadOnlyDictionary<string, MirroredItem> before) => request switch
    {
        StreamRequest.Begin => StreamPage.Empty,
        StreamRequest.Ask => ReduceAsked(answers.Each),
        _ => ReduceListing(answers, before),
    };

    private OutlookAccount Account(StreamRequest request) => open(CallPriorities.Of(request));

    private Task<Outcome<ProviderAnswers>> BeginAsync(
        OutlookAccount account, Func<string, ValueTask<MirroredItem?>> known, CancellationToken cancellation)
    {
        var window = CalendarWindow.Around(time.GetUtcNow());
        return ListAsync(account, window, null, known, cancellation);
    }

    private Task<Outcome<ProviderAnswers>> FollowAsync(
        OutlookAccount account, string point, Func<string, ValueTask<MirroredItem?>> known, CancellationToken cancellation) =>
        CalendarWindow.Parse(point) is ({ } window, _) && !window.HasAged(time.GetUtcNow())
            ? ContinueAsync(account, point, known, cancellation)
            : Task.FromResult(new Outcome<ProviderAnswers>(new SyncFailures.CursorExpired()));

    private static Task<Outcome<ProviderAnswers>> ContinueAsync(
        OutlookAccount account, string place, Func<string, ValueTask<MirroredItem?>> known, CancellationToken cancellation) =>
        CalendarWindow.Parse(place) is var (window, query)
            ? ListAsync(account, window, query, known, cancellation)
            : Task.FromResult(new Outcome<ProviderAnswers>(new SyncFailures.CursorExpired()));

    private static async Task<Outcome<ProviderAnswers>> ListAsync(
        OutlookAccount account,
        CalendarWindow window,
        string? query,
        Func<string, ValueTask<MirroredItem?>> known,
        CancellationToken cancellation)
    {
        var listing = await account.EventsAsync(query is null ? window.Query() : GraphReading.Parameters(query), cancellation);
        if (listing.Failure is SyncFailures.ProviderRefused && query is not null)
        {
            return new SyncFailures.CursorExpired();
        }

        if (!listing.Try(out var answer, out var why)
            || !GraphReading.ReadPage(answer.Body, Event.CreateFromDiscriminatorValue).Try(out var page, out why))
        {
            return why;
        }

        var unsure = page.Items.Where(static item => item.Removed).Select(static item => item.Id).Distinct().ToList();
        foreach (var told in SeriesOf(page))
        {
            if (await known(told.Key) is not CalendarEvent series
                || told.Any(one => one.ETag.Length > 0 && one.ETag != series.Version))
            {
                unsure.Add(told.Key);
            }
        }

        return await EachAsync(
            account,
            [new ProviderAnswer(MicrosoftServices.ListEvents.Name, window.Text, (int)answer.Status, answer.Body, answer.Date)],
            unsure,
            cancellation);
    }

    private static async Task<Outcome<ProviderAnswers>> EachAsync(
        OutlookAccount account, ImmutableArray<ProviderAnswer> first, IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        var fetched = new Outcome<ProviderAnswer>[ids.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = OutlookAccount.AtOnce, CancellationToken = cancellation };
        await Parallel.ForAsync(0, ids.Count, parallel, async (at, token) =>
            fetched[at] = await account.EventAsync(ids[at], token));
        return fetched.Select(static one => one.Failure).FirstOrDefault(static why => why is not null) is { } failure
            ? failure
            : new ProviderAnswers(first.AddRange(fetched.Select(static one => one.Expect())));
    }

    /// <summary>
    /// Series of which a page tells occurrences in few words and not the series itself, which may be told on a later page: an
    /// occurrence has its series' version, and one of another version shows that the known words are old.
    /// </summary>
    private static IEnumerable<IGrouping<string, GraphItem<Event>>> SeriesOf(GraphPage<Event> page)
    {
        var told = page.Items.Where(static item => !item.Removed && !IsBrief(item)).Select(static item => item.Id)
            .ToHashSet(StringComparer.Ordinal);
        return page.Items.Where(IsBrief).GroupBy(static item => item.Value.SeriesMasterId!)
            .Where(series => !told.Contains(series.Key));
    }

    private static bool IsBrief(GraphItem<Event> item) =>
        item is { Removed: false, Value: { SeriesMasterId.Length: > 0, Subject: null, ICalUId: null } };

    private Outcome<StreamPage> ReduceListing(ProviderAnswers answers, IReadOnlyDictionary<string, MirroredItem> before)
    {
        if (answers.Each is not [{ Argument: { } argument } listing, .. var asked]
            || CalendarWindow.Parse(argument + "?-") is not var (window, _))
        {
            return new SyncFailures.AnswerMalformed();
        }

        if (!GraphReading.ReadPage(listing.Body, Event.CreateFromDiscriminatorValue).Try(out var page, out var why)
            || !ReduceAsked(asked).Try(out var found, out why))
        {
            return why;
        }

        // An event that is told twice is as it was told last; one that was asked for is as that answer says.
        var present = found.Present.Cast<CalendarEvent>().ToDictionary(static item => item.SourceId, StringComparer.Ordinal);
        var settled = present.Keys.Concat(found.Gone).ToHashSet(StringComparer.Ordinal);
        foreach (var item in page.Items.Where(item => !item.Removed && !IsBrief(item) && !settled.Contains(item.Id)))
        {
            if (OutlookEventReader.Read(connection, stream, item) is not { } told)
            {
                return new SyncFailures.AnswerMalformed();
            }

            present[item.Id] = told;
        }

        foreach (var item in page.Items.Where(item => IsBrief(item) && !settled.Contains(item.Id)))
        {
            var series = item.Value.SeriesMasterId!;
            var master = present.GetValueOrDefault(series) ?? before.GetValueOrDefault(series) as CalendarEvent;
            if (master is null)
            {
                // The series went between two answers, and its occurrences with it.
                continue;
            }

            if (OutlookEventReader.Occurrence(master, item) is not { } occurrence)
            {
                return new SyncFailures.AnswerMalformed();
            }

            present[item.Id] = occurrence;
        }

        return page.Next is null == page.Delta is null
            ? new SyncFailures.AnswerMalformed()
            : new StreamPage(
                [.. present.Values.OrderBy(static item => item.SourceId, StringComparer.Ordinal)],
                found.Gone,
                page.Next is null ? null : window.Place(page.Next),
                page.Delta is null ? null : window.Place(page.Delta));
    }

    private Outcome<StreamPage> ReduceAsked(ImmutableArray<ProviderAnswer> answers)
    {
        var present = ImmutableArray.CreateBuilder<MirroredItem>();
        var gone = ImmutableArray.CreateBuilder<string>();
        foreach (var answer in answers)
        {
            if (answer.Status == (int)HttpStatusCode.NotFound)
            {
                gone.Add(answer.Argument!);
                continue;
            }

            if (!GraphReading.ReadItem(answer.Body, Event.CreateFromDiscriminatorValue).Try(out var item, out var why))
            {
                return why;
            }

            if (item.Id != answer.Argument || OutlookEventReader.Read(connection, stream, item) is not { } told)
            {
                return new SyncFailures.AnswerMalformed();
            }

            present.Add(told);
        }

        return new StreamPage(present.ToImmutable(), gone.ToImmutable());
    }
}
