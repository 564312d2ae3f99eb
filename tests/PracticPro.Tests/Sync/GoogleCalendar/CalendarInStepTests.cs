using System.Text.Json.Nodes;
using PracticPro.Sandbox.Faults;
using PracticPro.Sync;
using PracticPro.Sync.Calendars;
using PracticPro.Sync.GoogleCalendar;
using PracticPro.Sync.Streams;
using PracticPro.Tests.Sandbox;
using StoredEvent = PracticPro.Sandbox.Calendar.StoredEvent;

namespace PracticPro.Tests.Sync.GoogleCalendar;

[Trait("Promise", "SYNC-1")]
public sealed class CalendarInStepTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_the_first_reading_the_mirror_agrees_with_the_calendar()
    {
        await using var stage = await CalendarStage.OpenAsync(filled: true);
        await stage.Sandbox.ControlAsync(HttpMethod.Put, "paging", new() { ["largestPage"] = 30, ["emptyPages"] = 2 });

        await stage.ReadAsync();

        stage.AssertInStep();
        Assert.Contains(stage.Mirror.Values.Cast<CalendarEvent>(), item => item is { Status: EventStatus.Cancelled, SeriesId: not null });
        Assert.Contains(stage.Mirror.Values.Cast<CalendarEvent>(), item => item.Start?.Day is not null);
        Assert.Contains(stage.Mirror.Values.Cast<CalendarEvent>(), item => item.Start?.Zone == "Europe/Berlin");
    }

    [Fact]
    [Trait("Promise", "SYNC-2")]
    public async Task No_description_crosses_the_wire()
    {
        await using var stage = await CalendarStage.OpenAsync(filled: true);

        var fetched = (await stage.Source.FetchAsync(
            new StreamRequest.Read(null, null), _ => ValueTask.FromResult<MirroredItem?>(null), Cancellation)).Expect();

        string wire = System.Text.Encoding.UTF8.GetString(fetched.Each[0].Body.Span);
        Assert.Contains("summary", wire, StringComparison.Ordinal);
        Assert.DoesNotContain("description", wire, StringComparison.Ordinal);
        Assert.DoesNotContain("Notes for", wire, StringComparison.Ordinal);
        Assert.DoesNotContain("htmlLink", wire, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "SYNC-3")]
    public async Task What_changes_or_goes_there_changes_or_goes_here()
    {
        await using var stage = await CalendarStage.OpenAsync(filled: true);
        await stage.ReadAsync();
        StoredEvent[] living = [.. stage.Calendar.All.Where(kept => kept is { IsDeleted: false, SeriesId: null, IsRecurring: false })];
        StoredEvent series = stage.Calendar.All.First(kept => kept is { IsDeleted: false, IsRecurring: true });
        await PatchAsync(stage, living[0].Id, new() { ["summary"] = "Moved" });
        await stage.Sandbox.ControlAsync(HttpMethod.Delete, "events/" + living[1].Id);
        await stage.Sandbox.ControlAsync(HttpMethod.Post, "events", CalendarSandbox.Written("new", "newnew1"));
        await stage.Sandbox.ControlAsync(HttpMethod.Delete, "events/" + series.Id);

        Assert.Null(await stage.FollowAsync());

        stage.AssertInStep();
        Assert.Equal("Moved", ((CalendarEvent)stage.Mirror[living[0].Id]).Summary);
        Assert.False(stage.Mirror.ContainsKey(living[1].Id));
        Assert.True(stage.Mirror.ContainsKey("newnew1"));
    }

    [Fact]
    public async Task An_expired_token_costs_a_reading_and_nothing_else()
    {
        await using var stage = await CalendarStage.OpenAsync();
        for (var at = 0; at < 300; at++)
        {
            stage.Calendar.Add(Event($"event{at:000}", "before"));
        }

        await stage.ReadAsync();
        for (var at = 0; at < 200; at++)
        {
            stage.Calendar.Rewrite(stage.Calendar.Find($"event{at:000}")!, Event("x", "after").Written);
        }

        for (var at = 200; at < 220; at++)
        {
            stage.Calendar.Delete(stage.Calendar.Find($"event{at:000}")!);
        }

        stage.Calendar.ExpireTokens();

        Assert.IsType<SyncFailures.CursorExpired>(await stage.FollowAsync());
        await stage.ReadAsync();

        stage.AssertInStep();
        Assert.Equal(280, stage.Mirror.Count);
        Assert.Equal(200, stage.Mirror.Values.Cast<CalendarEvent>().Count(item => item.Summary == "after"));
        Assert.Null(await stage.FollowAsync());
    }

    [Fact]
    public async Task Not_being_listed_deletes_nothing()
    {
        await using var stage = await CalendarStage.OpenAsync();
        stage.Calendar.Add(Event("stays", "here"));
        await stage.ReadAsync();

        var asked = (await stage.StepAsync(new StreamRequest.Ask(["stays", "never0was"]))).Expect();

        Assert.Equal("stays", Assert.Single(asked.Present).SourceId);
        Assert.Equal(["never0was"], asked.Gone);
    }

    [Fact]
    public async Task An_occurrence_called_off_is_kept_while_its_series_lives()
    {
        await using var stage = await CalendarStage.OpenAsync();
        string series = (await stage.Sandbox.InsertAsync(CalendarSandbox.Weekly())).Text("id");
        string occurrence = $"{series}_20261027T090000Z";
        await stage.Sandbox.CallAsync(HttpMethod.Delete, $"{CalendarSandbox.Events}/{occurrence}");
        await stage.ReadAsync();

        var kept = (CalendarEvent)stage.Mirror[occurrence];
        Assert.Equal((EventStatus.Cancelled, series), (kept.Status, kept.SeriesId));
        Assert.Equal(new DateTimeOffset(2026, 10, 27, 9, 0, 0, TimeSpan.Zero), kept.OriginalStart!.At);
        Assert.Equal([occurrence], (await stage.StepAsync(new StreamRequest.Ask([occurrence]))).Expect().Present.Select(item => item.SourceId));

        await stage.Sandbox.ControlAsync(HttpMethod.Delete, "events/" + series);
        Assert.Equal([occurrence], (await stage.StepAsync(new StreamRequest.Ask([occurrence]))).Expect().Gone);
    }

    [Fact]
    public async Task A_page_that_fails_fails_the_step_and_the_next_try_goes_on()
    {
        await using var stage = await CalendarStage.OpenAsync(filled: true);
        stage.Sandbox.World.Faults.Add(new FaultMatch("GET", "/events$", null), new FaultAction(FaultKind.Status) { Reason = "backendError" });
        Assert.IsType<SyncFailures.ProviderDown>((await stage.StepAsync(new StreamRequest.Read(null, null))).Failure);
        stage.Sandbox.World.Faults.Add(new FaultMatch("GET", "/events$", null), new FaultAction(FaultKind.Malformed));
        Assert.IsType<SyncFailures.AnswerMalformed>((await stage.StepAsync(new StreamRequest.Read(null, null))).Failure);
        Assert.Empty(stage.Mirror);

        await stage.ReadAsync();

        stage.AssertInStep();
    }

    [Theory]
    [InlineData(403)]
    [InlineData(429)]
    public async Task A_full_quota_is_a_pause_in_either_form(int status)
    {
        await using var stage = await CalendarStage.OpenAsync();
        stage.Sandbox.World.CalendarQuota.UnitsPerMinute = 0;
        stage.Sandbox.World.CalendarQuotaCode = status;

        Assert.IsType<SyncFailures.RateLimited>((await stage.StepAsync(new StreamRequest.Read(null, null))).Failure);
    }

    [Fact]
    public async Task A_token_that_ran_out_is_renewed_once_and_a_revoked_grant_is_dead()
    {
        await using var stage = await CalendarStage.OpenAsync();
        stage.Sandbox.World.Grants.ExpireAccess(null);
        await stage.ReadAsync();
        Assert.Equal(1, stage.Tokens.Renewals);

        stage.Tokens.IsDead = true;
        stage.Sandbox.World.Grants.RevokeAccount(PracticPro.Sandbox.SandboxOptions.DefaultMailbox);
        Assert.IsType<SyncFailures.GrantDead>(await stage.FollowAsync());
    }

    [Theory]
    [InlineData("""{"items":[]}""")]
    [InlineData("""{"items":[],"nextPageToken":"a","nextSyncToken":"b"}""")]
    [InlineData("""{"items":[{"id":"a","status":"confirmed","start":{"dateTime":"soon"}}],"nextSyncToken":"b"}""")]
    [InlineData("""{"items":[{"status":"confirmed"}],"nextSyncToken":"b"}""")]
    [InlineData("[]")]
    public async Task What_cannot_be_read_is_never_guessed(string body)
    {
        await using var stage = await CalendarStage.OpenAsync();
        var answers = new ProviderAnswers([new ProviderAnswer("x", null, 200, System.Text.Encoding.UTF8.GetBytes(body))]);

        var reduced = stage.Source.Reduce(new StreamRequest.Read(null, null), answers, new Dictionary<string, MirroredItem>());

        Assert.IsType<SyncFailures.AnswerMalformed>(reduced.Failure);
    }

    [Fact]
    public async Task The_account_is_told_by_an_event_or_by_the_calendar_s_name()
    {
        await using var stage = await CalendarStage.OpenAsync();
        var connector = new GoogleCalendarConnector(stage.Calendars, new CalendarChannels(stage.Calendars, TimeProvider.System));

        var empty = await connector.IdentifyAsync(stage.Tokens, new Dictionary<string, string>(), Cancellation);
        stage.Calendar.Add(Event("event1", "x"));
        var used = await connector.IdentifyAsync(stage.Tokens, new Dictionary<string, string>(), Cancellation);

        Assert.Equal("owner@harbour-clinic.example", empty.Expect().Key);
        Assert.Equal(empty.Expect(), used.Expect());
    }

    private static StoredEvent Event(string id, string summary)
    {
        JsonObject written = CalendarSandbox.Written(summary);
        return new StoredEvent(id, written, SandboxClient.Start);
    }

    private static Task<Reply> PatchAsync(CalendarStage stage, string id, JsonObject patch) =>
        stage.Sandbox.ControlAsync(HttpMethod.Patch, "events/" + id, patch);
}
