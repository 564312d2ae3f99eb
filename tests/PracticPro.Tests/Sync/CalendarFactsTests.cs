using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Calendars;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using PracticPro.Tests.Sync.Streams;
using PracticPro.Tests.Vault;

namespace PracticPro.Tests.Sync;

public sealed class CalendarFactsTests
{
    private static readonly DateTimeOffset Noon = new(2027, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Events_between_two_instants_are_those_that_take_place_then()
    {
        using var engine = new EngineFixture(new PlayedProvider());
        await KeepAsync(
            engine,
            Event("before", Noon.AddHours(-3), Noon.AddHours(-1)),
            Event("into", Noon.AddDays(-2), Noon.AddHours(1)),
            Event("within", Noon.AddHours(1), Noon.AddHours(2)),
            Event("a-moment", Noon, Noon),
            Event("touching", Noon.AddHours(6), Noon.AddHours(7)),
            Event("cancelled", Noon.AddHours(1), Noon.AddHours(2)) with { Status = EventStatus.Cancelled },
            Event("master", Noon.AddHours(1), Noon.AddHours(2)) with { Recurrence = ["RRULE:FREQ=DAILY"] },
            Event("timeless", Noon, Noon) with { Start = null, End = null },
            Event("whole-day", Noon, Noon) with { Start = Day(2027, 3, 1), End = Day(2027, 3, 2) });
        var found = await engine.Calendars.BetweenAsync(
            VaultFixture.A, Noon, Noon.AddHours(6), 100, TestContext.Current.CancellationToken);
        Assert.Equal(["into", "whole-day", "a-moment", "within"], found.Select(static one => one.SourceId));
        Assert.True(found[1].WholeDay);
    }

    [Fact]
    public async Task Events_of_the_next_year_are_found_too()
    {
        using var engine = new EngineFixture(new PlayedProvider());
        await KeepAsync(engine, Event("december", Noon.AddDays(300), Noon.AddDays(300)), Event("january", Noon.AddDays(310), Noon.AddDays(310)));
        var found = await engine.Calendars.BetweenAsync(
            VaultFixture.A, Noon, Noon.AddDays(399), 1, TestContext.Current.CancellationToken);
        Assert.Equal("december", Assert.Single(found).SourceId);
    }

    private static EventTime Day(int year, int month, int day) => new(null, new DateOnly(year, month, day), null);

    private static CalendarEvent Event(string id, DateTimeOffset start, DateTimeOffset end) => new(
        ConnectionId.New(TimeProvider.System), StreamName.Parse("primary"), id, id, "1", EventStatus.Confirmed, "A visit", "",
        new EventTime(start, null, null), new EventTime(end, null, null), null,
        [new EventPerson(EmailAddress.Parse("ada@mail.example"), "Ada", "accepted")], [], null, null, Free: false, null);

    private static async Task KeepAsync(EngineFixture engine, params CalendarEvent[] events)
    {
        var scope = await engine.ScopeAsync();
        Assert.IsType<CommitOutcome.Committed>(await scope.CommitAsync(
            [.. events.Select(one => scope.Put(SyncKinds.CalendarEvent, one, Condition.Absent))], TestContext.Current.CancellationToken));
    }
}
