using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sandbox.Calendar;
using PracticPro.Sync;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Calendars;
using PracticPro.Sync.GoogleCalendar;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using PracticPro.Tests.Sandbox;
using PracticPro.Tests.Support;
using SandboxOptions = PracticPro.Sandbox.SandboxOptions;

namespace PracticPro.Tests.Sync.GoogleCalendar;

/// <summary>A sandbox, a door to it, and a mirror in memory that is kept in step by hand, one page a step.</summary>
internal sealed class CalendarStage : IAsyncDisposable
{
    private readonly CallBudget calls;
    private readonly List<CallBudget> budgets = [];

    private CalendarStage(SandboxClient sandbox)
    {
        Sandbox = sandbox;
        Door = new EgressDoor(
            new EgressOptions { Homes = { [GoogleCalendarServices.Calendar.Name] = sandbox.Host.Address } }, TimeProvider.System);
        calls = new CallBudget(new MemoryFleet(), new SyncOptions(), TimeProvider.System);
        Calendars = new GoogleCalendars(Door, calls, TimeProvider.System);
        Tokens = new LentTokens(sandbox, GoogleCalendarServices.Calendar, GoogleCalendarConnector.EventsScope);
        Source = new CalendarSource(Connection, GoogleCalendarConnector.Primary, _ => Account);
    }

    public static TenantId Tenant => LentTokens.Tenant;

    public SandboxClient Sandbox { get; }

    public EgressDoor Door { get; }

    public GoogleCalendars Calendars { get; }

    public LentTokens Tokens { get; }

    public ConnectionId Connection { get; } = ConnectionId.New(TimeProvider.System);

    /// <summary>The account as a program opens it that knows of no earlier refusal.</summary>
    public CalendarAccount AccountAnew()
    {
        var fresh = new CallBudget(new MemoryFleet(), new SyncOptions(), TimeProvider.System);
        budgets.Add(fresh);
        return new GoogleCalendars(Door, fresh, TimeProvider.System).Of(Tenant, Connection, Tokens, CallPriority.Interactive);
    }

    public CalendarAccount Account => Calendars.Of(Tenant, Connection, Tokens, CallPriority.Interactive);

    public IStreamSource Source { get; }

    public EventCalendar Calendar => Sandbox.World.Calendars.Primary(SandboxOptions.DefaultMailbox);

    /// <summary>What is stored, by id.</summary>
    public Dictionary<string, MirroredItem> Mirror { get; } = new(StringComparer.Ordinal);

    /// <summary>From where the next following goes on.</summary>
    public string? Point { get; private set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<CalendarStage> OpenAsync(bool filled = false)
    {
        var stage = new CalendarStage(await CalendarSandbox.StartAsync());
        if (filled)
        {
            await stage.Sandbox.ControlAsync(HttpMethod.Post, "fill");
        }

        return stage;
    }

    public async Task<Outcome<StreamPage>> StepAsync(StreamRequest request)
    {
        var fetched = await Source.FetchAsync(request, id => ValueTask.FromResult(Mirror.GetValueOrDefault(id)), Cancellation);
        if (!fetched.Try(out var answers, out var why))
        {
            return why;
        }

        var before = Source.Needs(request, answers).Where(Mirror.ContainsKey).ToDictionary(id => id, id => Mirror[id]);
        var reduced = Source.Reduce(request, answers, before);
        if (reduced.Try(out var page, out _))
        {
            Apply(page);
        }

        return reduced;
    }

    /// <summary>A complete reading. What it did not show is asked about; only the provider's own word deletes.</summary>
    public async Task ReadAsync()
    {
        var unseen = Mirror.Keys.ToHashSet(StringComparer.Ordinal);
        (await StepAsync(new StreamRequest.Begin())).Expect();
        string? next = null;
        do
        {
            var page = (await StepAsync(new StreamRequest.Read(null, next))).Expect();
            unseen.ExceptWith(page.Present.Select(item => item.SourceId));
            (next, Point) = (page.NextPage, page.NextPoint);
        }
        while (next is not null);
        (await StepAsync(new StreamRequest.Ask([.. unseen]))).Expect();
    }

    /// <summary>Follows what changed to its end; the failure that ended it, or null.</summary>
    public async Task<Failure?> FollowAsync()
    {
        string? next = null;
        do
        {
            var step = await StepAsync(new StreamRequest.Follow(Point!, next));
            if (!step.Try(out var page, out var why))
            {
                return why;
            }

            next = page.NextPage;
            Point = page.NextPoint ?? Point;
        }
        while (next is not null);
        return null;
    }

    /// <summary>The mirror holds what the calendar holds, to the version, and nothing else.</summary>
    public void AssertInStep()
    {
        Dictionary<string, string> there = Calendar.All
            .Where(kept => !kept.IsDeleted || (kept.SeriesId is not null && Calendar.Find(kept.SeriesId) is { IsDeleted: false }))
            .ToDictionary(kept => kept.Id, kept => kept.Etag);
        Assert.Equal(
            there.OrderBy(pair => pair.Key, StringComparer.Ordinal),
            Mirror.Select(pair => KeyValuePair.Create(pair.Key, ((CalendarEvent)pair.Value).Version))
                .OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        Door.Dispose();
        calls.Dispose();
        budgets.ForEach(one => one.Dispose());
        await Sandbox.DisposeAsync();
    }

    private void Apply(StreamPage page)
    {
        Assert.Empty(page.Present.Select(item => item.SourceId).Intersect(page.Gone));
        Assert.Equal(page.Present.Length, page.Present.Select(item => item.SourceId).Distinct().Count());
        foreach (var item in page.Present)
        {
            Mirror[item.SourceId] = item;
        }

        foreach (var gone in page.Gone)
        {
            Mirror.Remove(gone);
        }
    }
}
