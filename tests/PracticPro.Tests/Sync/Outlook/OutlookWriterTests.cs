using System.Text.Json.Nodes;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sandbox.Faults;
using PracticPro.Sandbox.Mail;
using PracticPro.Sync.Outlook;
using PracticPro.Sync.Published;
using PracticPro.Tests.Contracts;
using Event = Microsoft.Graph.Models.Event;

namespace PracticPro.Tests.Sync.Outlook;

/// <summary>The Outlook calendar as a place to write into, at the sandbox.</summary>
public sealed class OutlookEventWriterTests : EventWriterContract
{
    internal override async Task<CalendarUnderTest> OpenAsync() => new AtSandbox(await OutlookStage.OpenAsync());

    private sealed class AtSandbox(OutlookStage stage) : CalendarUnderTest, IEventWriter
    {
        public override TenantId Tenant => OutlookStage.Tenant;

        public override ConnectionId Connection => stage.Connection.Id;

        public override IEventWriter Writer => this;

        public override bool CanStaySilent => false;

        public override bool TellsOfDeleted => false;

        public override void FailNextWrite(WriteFault fault) => OutlookFaults.Add(stage, fault);

        public override async Task<EventPlace> MakeAsync(EventContent content)
        {
            var body = JsonNode.Parse(OutlookEventBodies.Of(content, null))!;
            var reply = await stage.Sandbox.PostAsync("me/events", body, Sandbox.MicrosoftClientOfTests.Immutable);
            return new EventPlace("", reply.Text("id"));
        }

        public override Task RenameAsync(EventPlace place, string title) =>
            stage.Sandbox.PatchAsync($"me/events/{place.EventId}", new JsonObject { ["subject"] = title });

        public override Task DeleteAsync(EventPlace place) => stage.Sandbox.DeleteAsync($"me/events/{place.EventId}");

        public override async Task<IReadOnlyList<EventContent>> EventsAsync()
        {
            var reply = await stage.Sandbox.GetAsync("me/events?$top=100");
            return
            [
                .. reply.Body!["value"]!.AsArray()
                    .Select(one => GraphReading.ReadItem(JsonBytes(one!), Event.CreateFromDiscriminatorValue).Expect())
                    .Select(item => OutlookEventBodies.Snapshot(item)!.Event),
            ];
        }

        public Task<Outcome<SenderStanding>> StandingAsync(
            TenantId tenant, ConnectionId connection, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<Outcome<OutgoingWrite>> ComposeAsync(
            TenantId tenant, ConnectionId connection, EventOrder order, CancellationToken cancellation) =>
            Task.FromResult(OutlookEventWrites.Compose(order));

        public Task<WriteOutcome> WriteAsync(
            TenantId tenant, ConnectionId connection, SendPermit permit, OutgoingWrite write, CancellationToken cancellation) =>
            OutlookEventWrites.WriteAsync(stage.Account, permit, write, cancellation);

        public Task<Outcome<WriteTrace>> LookUpAsync(
            TenantId tenant, ConnectionId connection, EventOrder order, OutgoingWrite write, CancellationToken cancellation) =>
            OutlookEventWrites.LookUpAsync(stage.Account, order, cancellation);

        public Task<Outcome<EventSnapshot>> ReadAsync(
            TenantId tenant, ConnectionId connection, EventPlace place, CancellationToken cancellation) =>
            OutlookEventWrites.ReadAsync(stage.Account, place, cancellation);

        public override async ValueTask DisposeAsync()
        {
            await stage.DisposeAsync();
            await base.DisposeAsync();
        }

        private static byte[] JsonBytes(JsonNode node) => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(node);
    }
}

/// <summary>Microsoft To Do as a list to put tasks on, at the sandbox.</summary>
public sealed class OutlookTaskWriterTests : TaskWriterContract
{
    internal override async Task<TaskListUnderTest> OpenAsync() => new AtSandbox(await OutlookStage.OpenAsync());

    private sealed class AtSandbox(OutlookStage stage) : TaskListUnderTest, ITaskWriter
    {
        public override TenantId Tenant => OutlookStage.Tenant;

        public override ConnectionId Connection => stage.Connection.Id;

        public override ITaskWriter Writer => this;

        public override void FailNextWrite(WriteFault fault) => OutlookFaults.Add(stage, fault);

        public override Task<IReadOnlyList<TaskContent>> TasksAsync() => Task.FromResult<IReadOnlyList<TaskContent>>(
        [
            .. stage.There.Tasks.Lists[0].Tasks.Select(task => new TaskContent(
                (string)task.Words["title"]!,
                task.Words["dueDateTime"] is { } due ? DateOnly.Parse(((string)due["dateTime"]!)[..10], System.Globalization.CultureInfo.InvariantCulture) : null,
                (string?)task.Words["body"]?["content"] ?? "")),
        ]);

        public Task<Outcome<SenderStanding>> StandingAsync(
            TenantId tenant, ConnectionId connection, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<Outcome<OutgoingWrite>> ComposeAsync(
            TenantId tenant, ConnectionId connection, TaskOrder order, CancellationToken cancellation) =>
            OutlookTaskWrites.ComposeAsync(stage.Account, order, cancellation);

        public Task<WriteOutcome> WriteAsync(
            TenantId tenant, ConnectionId connection, SendPermit permit, OutgoingWrite write, CancellationToken cancellation) =>
            OutlookTaskWrites.WriteAsync(stage.Account, permit, write, cancellation);

        public Task<Outcome<WriteTrace>> LookUpAsync(
            TenantId tenant, ConnectionId connection, TaskOrder order, OutgoingWrite write, CancellationToken cancellation) =>
            OutlookTaskWrites.LookUpAsync(stage.Account, order, write, cancellation);

        public override async ValueTask DisposeAsync()
        {
            await stage.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}

/// <summary>What goes wrong with writes at Graph.</summary>
internal static class OutlookFaults
{
    public static void Add(OutlookStage stage, WriteFault fault)
    {
        var action = fault switch
        {
            WriteFault.LoseRequest => new FaultAction(FaultKind.DropBefore),
            WriteFault.LoseAnswer => new FaultAction(FaultKind.DropAfter),
            WriteFault.ServerError => new FaultAction(FaultKind.Status) { Reason = "serviceNotAvailable" },
            _ => new FaultAction(FaultKind.Status) { Reason = "TooManyRequests" },
        };
        stage.Sandbox.Host.World.Faults.Add(new FaultMatch(null, "/v1.0/", null), action);
    }
}

/// <summary>Outlook as a way out for letters, at the sandbox.</summary>
[Trait("Promise", "APR-3")]
public sealed class OutlookLettersTests
{
    private static readonly byte[] Letter =
        "From: frontdesk@harbour-clinic.example\r\nTo: ada@mail.example\r\nSubject: Hi\r\nMessage-ID: <m-1@ours>\r\n\r\nx\r\n"u8.ToArray();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "APR-1")]
    public async Task Exactly_the_approved_bytes_leave_and_no_others()
    {
        await using var stage = await OutlookStage.OpenAsync();

        var other = await OutlookLetters.SendAsync(stage.Account, Permit("other"u8), Letter, Cancellation);
        var sent = await OutlookLetters.SendAsync(stage.Account, Permit(Letter), Letter, Cancellation);

        Assert.IsType<EgressFailures.NoPermit>(Assert.IsType<SendOutcome.NotSent>(other).Why);
        Assert.IsType<SendOutcome.Sent>(sent);
        Assert.Equal(Letter, Assert.Single(stage.Sandbox.World.Sends.All()).Letter.Raw);
    }

    [Fact]
    public async Task A_letter_is_found_in_Sent_as_soon_as_the_provider_shows_it()
    {
        await using var stage = await OutlookStage.OpenAsync();
        stage.Sandbox.World.Settings.SentDelay = TimeSpan.FromMinutes(1);

        await OutlookLetters.SendAsync(stage.Account, Permit(Letter), Letter, Cancellation);
        var early = await OutlookLetters.LookUpAsync(stage.Account, "m-1@ours", Cancellation);
        stage.Sandbox.Clock.Advance(TimeSpan.FromMinutes(1));
        var late = await OutlookLetters.LookUpAsync(stage.Account, "<m-1@ours>", Cancellation);

        Assert.IsType<Whereabouts.Nowhere>(early.Expect());
        Assert.Equal(stage.There.Mail[PracticPro.Sandbox.Microsoft.Mail.OutlookMailbox.Sent].Messages.Single().Key.Immutable,
            Assert.IsType<Whereabouts.InSent>(late.Expect()).ProviderId);
    }

    [Theory]
    [InlineData(WriteFault.LoseRequest, 0, false)]
    [InlineData(WriteFault.LoseAnswer, 1, false)]
    [InlineData(WriteFault.ServerError, 0, false)]
    [InlineData(WriteFault.RateLimit, 0, true)]
    public async Task What_is_unclear_is_called_so_and_never_sent_again_from_in_here(WriteFault fault, int sends, bool isCertain)
    {
        await using var stage = await OutlookStage.OpenAsync();
        OutlookFaults.Add(stage, fault);

        var outcome = await OutlookLetters.SendAsync(stage.Account, Permit(Letter), Letter, Cancellation);

        Assert.IsType(isCertain ? typeof(SendOutcome.NotSent) : typeof(SendOutcome.Unclear), outcome);
        Assert.Equal(sends, stage.Sandbox.World.Sends.CountOf(new Rfc822Id("m-1@ours")));
    }

    [Fact]
    public async Task A_letter_too_large_for_one_request_is_refused_before_it_is_sent()
    {
        await using var stage = await OutlookStage.OpenAsync();
        byte[] large = [.. Letter, .. new byte[4 * 1024 * 1024]];

        var outcome = await OutlookLetters.SendAsync(stage.Account, Permit(large), large, Cancellation);

        Assert.IsType<OutlookFailures.LetterTooLarge>(Assert.IsType<SendOutcome.NotSent>(outcome).Why);
    }

    private static SendPermit Permit(ReadOnlySpan<byte> bytes) =>
        SendPermit.Mint(OutlookStage.Tenant, System.Security.Cryptography.SHA256.HashData(bytes));
}
