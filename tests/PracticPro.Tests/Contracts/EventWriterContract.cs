using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Tests.Contracts;

/// <summary>What every calendar that is written to keeps. A provider's tests inherit this and open theirs.</summary>
[Trait("Promise", "APR-3")]
public abstract class EventWriterContract
{
    protected const string Mark = "1f3870be274f6c49b3e31a0c6728957f";

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static readonly EventContent Visit = new(
        "First visit",
        "Please bring your papers.\nWe look forward to seeing you.",
        "Harbour Clinic, room 2",
        new EventSpan.Timed(new(2027, 3, 15, 9, 30, 0), new(2027, 3, 15, 10, 15, 0), "Europe/Berlin"),
        [new EventGuest(EmailAddress.Parse("ada@clinic-friends.example"), "Ada Okafor")]);

    internal abstract Task<CalendarUnderTest> OpenAsync();

    [Fact]
    public async Task The_same_order_is_composed_into_the_same_bytes()
    {
        await using var calendar = await OpenAsync();
        var first = await ComposeAsync(calendar, Create(Visit));
        var second = await ComposeAsync(calendar, Create(Visit with { Guests = [.. Visit.Guests] }));
        Assert.Equal(first.Bytes, second.Bytes);
        Assert.NotEqual(first.Bytes, (await ComposeAsync(calendar, Create(Visit with { Title = "Another" }))).Bytes);
        Assert.NotEqual(first.Bytes, (await ComposeAsync(calendar, Create(Visit) with { Mark = new WriteMark(new string([.. Mark.Reverse()])) })).Bytes);
    }

    [Fact]
    public async Task What_is_composed_is_made_and_found_again()
    {
        await using var calendar = await OpenAsync();
        EventContent[] all =
        [
            Visit,
            Visit with { Guests = [], Description = "", Location = "" },
            Visit with { When = new EventSpan.AllDay(new(2027, 3, 20), new(2027, 3, 20)), Guests = [] },
            Visit with { When = new EventSpan.AllDay(new(2027, 3, 30), new(2027, 4, 2)), Guests = [] },
            Visit with { Title = "Grüße \"quoted\" – 日本語 🙂", Guests = [] },
        ];
        foreach (var (at, content) in all.Index())
        {
            var order = Create(content) with { Mark = new WriteMark($"{at:x32}") };
            var write = await ComposeAsync(calendar, order);
            Assert.IsType<WriteTrace.NotDone>(await LookUpAsync(calendar, order, write));
            var done = Assert.IsType<WriteOutcome.Done>(await WriteAsync(calendar, write));
            Assert.Equal(new WriteTrace.Done(done.ProviderId), await LookUpAsync(calendar, order, write));
            var there = (await calendar.Writer.ReadAsync(
                calendar.Tenant, calendar.Connection, new EventPlace("", done.ProviderId), Cancellation)).Expect();
            Assert.True(there.Event.Says(content));
            Assert.True(there is { IsOurs: true, IsSeries: false });
        }

        Assert.Equal(all.Length, (await calendar.EventsAsync()).Count);
    }

    [Fact]
    public async Task A_second_try_makes_no_second_event()
    {
        await using var calendar = await OpenAsync();
        var order = Create(Visit);
        var write = await ComposeAsync(calendar, order);
        Assert.IsType<WriteOutcome.Done>(await WriteAsync(calendar, write));
        var again = await WriteAsync(calendar, write);
        Assert.True(again is WriteOutcome.Done or WriteOutcome.Unclear);
        Assert.IsType<WriteTrace.Done>(await LookUpAsync(calendar, order, write));
        Assert.Single(await calendar.EventsAsync());
    }

    [Theory]
    [InlineData(WriteFault.LoseRequest)]
    [InlineData(WriteFault.LoseAnswer)]
    [InlineData(WriteFault.ServerError)]
    [InlineData(WriteFault.RateLimit)]
    public async Task Whatever_goes_wrong_a_look_tells_whether_it_was_made(WriteFault fault)
    {
        await using var calendar = await OpenAsync();
        var order = Create(Visit);
        var write = await ComposeAsync(calendar, order);
        calendar.FailNextWrite(fault);
        AssertFits(fault, await WriteAsync(calendar, write));
        if (fault == WriteFault.LoseAnswer)
        {
            Assert.IsType<WriteTrace.Done>(await LookUpAsync(calendar, order, write));
        }
        else
        {
            Assert.IsType<WriteTrace.NotDone>(await LookUpAsync(calendar, order, write));
            Assert.IsType<WriteOutcome.Done>(await WriteAsync(calendar, write));
        }

        Assert.True(Assert.Single(await calendar.EventsAsync()).Says(Visit));
    }

    [Fact]
    public async Task What_was_made_and_deleted_there_since_counts_as_done_and_is_not_made_again()
    {
        await using var calendar = await OpenAsync();
        var order = Create(Visit);
        var write = await ComposeAsync(calendar, order);
        var done = Assert.IsType<WriteOutcome.Done>(await WriteAsync(calendar, write));
        await calendar.DeleteAsync(new EventPlace("", done.ProviderId));
        var trace = await LookUpAsync(calendar, order, write);
        if (calendar.TellsOfDeleted)
        {
            Assert.True(trace is WriteTrace.Done or WriteTrace.Nowhere);
        }
        else
        {
            Assert.IsType<WriteTrace.NotDone>(trace);
            Assert.IsType<WriteOutcome.Unclear>(await WriteAsync(calendar, write));
        }

        Assert.Empty(await calendar.EventsAsync());
    }

    [Fact]
    [Trait("Promise", "APR-1")]
    public async Task Nothing_is_written_without_a_permit_of_this_practice_for_these_bytes()
    {
        await using var calendar = await OpenAsync();
        var one = await calendar.MakeAsync(Visit);
        var other = await calendar.MakeAsync(Visit with { Title = "Another" });
        var change = await ComposeAsync(calendar, await ChangeAsync(calendar, one, Visit with { Title = "Changed" }));
        var elsewhere = await ComposeAsync(calendar, await ChangeAsync(calendar, other, Visit with { Title = "Changed" }));
        SendPermit[] unfit = [calendar.Permit(elsewhere), SendPermit.Mint(TenantId.Parse("test-z"), change.Sha256())];
        foreach (var permit in unfit)
        {
            var outcome = await calendar.Writer.WriteAsync(calendar.Tenant, calendar.Connection, permit, change, Cancellation);
            Assert.IsType<EgressFailures.NoPermit>(Assert.IsType<WriteOutcome.NotDone>(outcome).Why);
        }

        Assert.DoesNotContain(await calendar.EventsAsync(), content => content.Title == "Changed");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(WriteFault.LoseRequest)]
    [InlineData(WriteFault.LoseAnswer)]
    [InlineData(WriteFault.ServerError)]
    public async Task A_change_is_made_once_to_what_was_shown(WriteFault? fault)
    {
        await using var calendar = await OpenAsync();
        var place = await calendar.MakeAsync(Visit);
        var moved = Visit with
        {
            Title = "First visit, moved",
            When = new EventSpan.Timed(new(2027, 3, 16, 8, 0, 0), new(2027, 3, 16, 9, 0, 0), "Europe/Berlin"),
            Guests = [.. Visit.Guests, new EventGuest(EmailAddress.Parse("ben@clinic-friends.example"), "")],
        };
        var order = await ChangeAsync(calendar, place, moved);
        var write = await ComposeAsync(calendar, order);
        if (fault is { } what)
        {
            calendar.FailNextWrite(what);
            AssertFits(what, await WriteAsync(calendar, write));
            if (what != WriteFault.LoseAnswer)
            {
                Assert.IsType<WriteTrace.NotDone>(await LookUpAsync(calendar, order, write));
                Assert.IsType<WriteOutcome.Done>(await WriteAsync(calendar, write));
            }
        }
        else
        {
            Assert.IsType<WriteTrace.NotDone>(await LookUpAsync(calendar, order, write));
            Assert.IsType<WriteOutcome.Done>(await WriteAsync(calendar, write));
        }

        Assert.Equal(new WriteTrace.Done(place.EventId), await LookUpAsync(calendar, order, write));
        Assert.True(Assert.Single(await calendar.EventsAsync()).Says(moved));
    }

    [Fact]
    public async Task What_somebody_changed_meanwhile_is_never_overwritten()
    {
        await using var calendar = await OpenAsync();
        var place = await calendar.MakeAsync(Visit);
        var change = await ChangeAsync(calendar, place, Visit with { Title = "Ours" });
        var cancel = new EventOrder.Cancel(place, change.ETag, !calendar.CanStaySilent);
        await calendar.RenameAsync(place, "Theirs");
        foreach (var order in (EventOrder[])[change, cancel])
        {
            var write = await ComposeAsync(calendar, order);
            Assert.IsType<WriteOutcome.Overtaken>(await WriteAsync(calendar, write));
            Assert.IsType<WriteTrace.Overtaken>(await LookUpAsync(calendar, order, write));
        }

        Assert.Equal("Theirs", Assert.Single(await calendar.EventsAsync()).Title);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(WriteFault.LoseRequest)]
    [InlineData(WriteFault.LoseAnswer)]
    public async Task A_cancelled_event_is_gone_and_is_known_to_be(WriteFault? fault)
    {
        await using var calendar = await OpenAsync();
        var place = await calendar.MakeAsync(Visit);
        var shown = (await calendar.Writer.ReadAsync(calendar.Tenant, calendar.Connection, place, Cancellation)).Expect();
        var order = new EventOrder.Cancel(place, shown.ETag, !calendar.CanStaySilent);
        var write = await ComposeAsync(calendar, order);
        Assert.IsType<WriteTrace.NotDone>(await LookUpAsync(calendar, order, write));
        if (fault is { } what)
        {
            calendar.FailNextWrite(what);
            AssertFits(what, await WriteAsync(calendar, write));
        }

        if (fault != WriteFault.LoseAnswer)
        {
            Assert.IsType<WriteOutcome.Done>(await WriteAsync(calendar, write));
        }

        Assert.IsType<WriteTrace.Done>(await LookUpAsync(calendar, order, write));
        Assert.Empty(await calendar.EventsAsync());
        var gone = await calendar.Writer.ReadAsync(calendar.Tenant, calendar.Connection, place, Cancellation);
        Assert.IsType<Failure.NotFound>(gone.Failure, exactMatch: false);
    }

    [Fact]
    public async Task Silence_towards_guests_is_kept_or_refused()
    {
        await using var calendar = await OpenAsync();
        var composed = await calendar.Writer.ComposeAsync(
            calendar.Tenant, calendar.Connection, Create(Visit) with { TellGuests = false }, Cancellation);
        Assert.Equal(calendar.CanStaySilent, composed.Succeeded);
        if (composed.Try(out var silent, out _))
        {
            Assert.NotEqual((await ComposeAsync(calendar, Create(Visit))).Bytes, silent.Bytes);
        }
    }

    internal static EventOrder.Create Create(EventContent content) => new(new WriteMark(Mark), "", content, TellGuests: true);

    internal static async Task<EventOrder.Change> ChangeAsync(CalendarUnderTest calendar, EventPlace place, EventContent content)
    {
        var shown = await calendar.Writer.ReadAsync(calendar.Tenant, calendar.Connection, place, Cancellation);
        return new EventOrder.Change(place, shown.Expect().ETag, content, TellGuests: true);
    }

    internal static async Task<OutgoingWrite> ComposeAsync(CalendarUnderTest calendar, EventOrder order) =>
        (await calendar.Writer.ComposeAsync(calendar.Tenant, calendar.Connection, order, Cancellation)).Expect();

    internal static Task<WriteOutcome> WriteAsync(CalendarUnderTest calendar, OutgoingWrite write) =>
        calendar.Writer.WriteAsync(calendar.Tenant, calendar.Connection, calendar.Permit(write), write, Cancellation);

    internal static async Task<WriteTrace> LookUpAsync(CalendarUnderTest calendar, EventOrder order, OutgoingWrite write) =>
        (await calendar.Writer.LookUpAsync(calendar.Tenant, calendar.Connection, order, write, Cancellation)).Expect();

    private static void AssertFits(WriteFault fault, WriteOutcome outcome)
    {
        if (fault == WriteFault.RateLimit)
        {
            Assert.IsType<Failure.TooMany>(Assert.IsType<WriteOutcome.NotDone>(outcome).Why, exactMatch: false);
        }
        else
        {
            Assert.IsType<WriteOutcome.Unclear>(outcome);
        }
    }
}
