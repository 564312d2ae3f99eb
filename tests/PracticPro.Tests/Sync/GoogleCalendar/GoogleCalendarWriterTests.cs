using System.Text.Json;
using System.Text.Json.Nodes;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sandbox.Calendar;
using PracticPro.Sandbox.Faults;
using PracticPro.Sync.GoogleCalendar;
using PracticPro.Sync.Published;
using PracticPro.Tests.Contracts;
using PracticPro.Tests.Sandbox;

namespace PracticPro.Tests.Sync.GoogleCalendar;

/// <summary>Google Calendar as a place to write into, at the sandbox.</summary>
public sealed class GoogleCalendarWriterTests : EventWriterContract
{
    internal override async Task<CalendarUnderTest> OpenAsync() => new AtSandbox(await CalendarStage.OpenAsync());

    [Fact]
    public async Task Cancelling_what_is_deleted_there_already_is_done()
    {
        await using var calendar = await OpenAsync();
        var place = await calendar.MakeAsync(Visit);
        var shown = (await calendar.Writer.ReadAsync(calendar.Tenant, calendar.Connection, place, Cancellation)).Expect();
        var write = await ComposeAsync(calendar, new EventOrder.Cancel(place, shown.ETag, TellGuests: false));
        await calendar.DeleteAsync(place);

        Assert.IsType<WriteOutcome.Done>(await WriteAsync(calendar, write));
    }

    [Fact]
    public async Task A_change_from_an_hour_to_a_day_and_back_leaves_nothing_behind()
    {
        await using var calendar = await OpenAsync();
        var place = await calendar.MakeAsync(Visit);
        var day = Visit with { When = new EventSpan.AllDay(new(2027, 3, 20), new(2027, 3, 21)) };

        foreach (var content in new[] { day, Visit })
        {
            var write = await ComposeAsync(calendar, await ChangeAsync(calendar, place, content));
            Assert.IsType<WriteOutcome.Done>(await WriteAsync(calendar, write));
            Assert.True(Assert.Single(await calendar.EventsAsync()).Says(content));
        }
    }

    private sealed class AtSandbox(CalendarStage stage) : CalendarUnderTest, IEventWriter
    {
        private int made;

        public override TenantId Tenant => CalendarStage.Tenant;

        public override ConnectionId Connection => stage.Connection;

        public override IEventWriter Writer => this;

        public override void FailNextWrite(WriteFault fault) => stage.Sandbox.World.Faults.Add(
            new FaultMatch(null, "/calendar/", null),
            fault switch
            {
                WriteFault.LoseRequest => new FaultAction(FaultKind.DropBefore),
                WriteFault.LoseAnswer => new FaultAction(FaultKind.DropAfter),
                WriteFault.ServerError => new FaultAction(FaultKind.Status) { Reason = "backendError" },
                _ => new FaultAction(FaultKind.Status) { Reason = "rateLimitExceeded" },
            });

        public override async Task<EventPlace> MakeAsync(EventContent content)
        {
            var written = (JsonObject)JsonNode.Parse(EventBodies.Of(content, $"made{made++:000}"))!;
            var reply = await stage.Sandbox.InsertAsync(written);
            return new EventPlace("", reply.Text("id"));
        }

        public override Task RenameAsync(EventPlace place, string title) =>
            stage.Sandbox.ControlAsync(HttpMethod.Patch, "events/" + place.EventId, new() { ["summary"] = title });

        public override Task DeleteAsync(EventPlace place) =>
            stage.Sandbox.ControlAsync(HttpMethod.Delete, "events/" + place.EventId);

        public override Task<IReadOnlyList<EventContent>> EventsAsync() => Task.FromResult<IReadOnlyList<EventContent>>(
        [
            .. stage.Calendar.All.Where(kept => !kept.IsDeleted)
                .Select(kept => EventJson.Write(stage.Calendar, kept).Deserialize<CalendarShapes.Event>(JsonSerializerOptions.Web))
                .Select(shape => EventBodies.Snapshot(shape!)!.Event),
        ]);

        public Task<Outcome<SenderStanding>> StandingAsync(
            TenantId tenant, ConnectionId connection, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<Outcome<OutgoingWrite>> ComposeAsync(
            TenantId tenant, ConnectionId connection, EventOrder order, CancellationToken cancellation) =>
            Task.FromResult(new Outcome<OutgoingWrite>(EventWrites.Compose(order)));

        public Task<WriteOutcome> WriteAsync(
            TenantId tenant, ConnectionId connection, SendPermit permit, OutgoingWrite write, CancellationToken cancellation) =>
            EventWrites.WriteAsync(stage.AccountAnew(), permit, write, TimeProvider.System.GetUtcNow(), cancellation);

        public Task<Outcome<WriteTrace>> LookUpAsync(
            TenantId tenant, ConnectionId connection, EventOrder order, OutgoingWrite write, CancellationToken cancellation) =>
            EventWrites.LookUpAsync(stage.AccountAnew(), order, cancellation);

        public Task<Outcome<EventSnapshot>> ReadAsync(
            TenantId tenant, ConnectionId connection, EventPlace place, CancellationToken cancellation) =>
            EventWrites.ReadAsync(stage.AccountAnew(), place, cancellation);

        public override async ValueTask DisposeAsync()
        {
            await stage.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
