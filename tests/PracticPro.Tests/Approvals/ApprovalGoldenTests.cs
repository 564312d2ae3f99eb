using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PracticPro.Approvals;
using PracticPro.Kernel;
using PracticPro.Sync.Published;
using PracticPro.Tests.Contracts;

namespace PracticPro.Tests.Approvals;

/// <summary>What was approved by an earlier program is read by this one, and digests are spelled as they always were.</summary>
[Trait("Promise", "APR-2")]
public sealed class ApprovalGoldenTests
{
    private static readonly ConnectionId Connection = ConnectionId.Parse("connection-00000000000000000000000001");
    private static readonly WriteMark Mark = new("1f3870be274f6c49b3e31a0c6728957f");
    private static readonly byte[] Request = SHA256.HashData("request"u8);
    private static readonly GateResult[] Gates = [new(GateName.Actor, []), new(GateName.Recipient, [new("new-recipient", Verdict.Confirm, "")])];

    [Fact]
    public void An_approval_kept_by_schema_1_is_read_and_still_is_what_was_approved()
    {
        var json = JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(
            Path.Combine(AppContext.BaseDirectory, "Approvals", "Golden", "approval-v1.json")));
        var approval = Approval.FromSchema1(json);
        Assert.Equal(AnyGateFacts.Mail with { To = approval.Mail.To, Cc = approval.Mail.Cc, Attachments = approval.Mail.Attachments }, approval.Mail);
        Assert.Empty(approval.Mail.Attachments);
        Assert.Equal((ApprovalState.Sending, "18f0", "r-1"), (approval.State, approval.ThreadId, approval.Progress!.DraftId));
        Assert.Equal("fddc4ef7a63d20cb786acda5e0272565c058382a62cd41ae094b274853009358", approval.Digest.Hex);
        Assert.Equal(approval.Digest, ActionDigest.Of(approval.Action, approval.OutgoingSha256, approval.Connection, approval.Gates));
        Assert.True(approval.IsWhatWasApproved);
    }

    [Fact]
    public void An_approval_of_any_kind_comes_back_from_the_store_as_it_was()
    {
        var kept = Approval.FromSchema1(JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(
            Path.Combine(AppContext.BaseDirectory, "Approvals", "Golden", "approval-v1.json"))));
        OutgoingAction[] actions =
        [
            AnyGateFacts.Mail with { Attachments = [new("a.pdf", "application/pdf", 3, new string('a', 64))] },
            Event(new EventOrder.Create(Mark, "", EventWriterContract.Visit, TellGuests: true), null),
            Event(new EventOrder.Cancel(new("work", "e1"), "\"7\"", TellGuests: false), EventWriterContract.Visit with { When = Days }),
            new OutgoingTask(null, new TaskOrder(Mark, new TaskContent("Call", new(2027, 3, 15), ""))),
        ];
        foreach (var action in actions)
        {
            var before = kept with { Action = action };
            var text = JsonSerializer.Serialize(before, JsonShapes.Stored);
            var after = JsonSerializer.Deserialize<Approval>(text, JsonShapes.Stored)!;
            Assert.IsType(action.GetType(), after.Action);
            Assert.Equal(
                ActionDigest.Text(before.Action, Request, Connection, Gates), ActionDigest.Text(after.Action, Request, Connection, Gates));
            Assert.Equal(text, JsonSerializer.Serialize(after, JsonShapes.Stored));
        }
    }

    [Fact]
    public void A_mail_with_attachments_is_spelled_so()
    {
        var mail = AnyGateFacts.Mail with { Attachments = [new("Rechnung.pdf", "application/pdf", 42, new string('b', 64))] };
        Assert.Equal(
            $$$"""{"attachments":[{"mediaType":"application/pdf","name":"Rechnung.pdf","sha256":"{{{new string('b', 64)}}}","size":42}],"connection":"connection-00000000000000000000000001","gates":["actor:pass:","recipient:confirm:new-recipient"],"kind":"send-mail","mimeSha256":"{{{Hex}}}","recipients":["ada@clinic-friends.example"]}""",
            Text(mail));
    }

    [Fact]
    public void An_event_that_is_made_is_spelled_so() => Assert.Equal(
        $$$"""{"calendar":"","connection":"connection-00000000000000000000000001","event":{{{Visit}}},"gates":["actor:pass:","recipient:confirm:new-recipient"],"guestsTold":"yes","kind":"create-event","mark":"1f3870be274f6c49b3e31a0c6728957f","requestSha256":"{{{Hex}}}"}""",
        Text(Event(new EventOrder.Create(Mark, "", EventWriterContract.Visit, TellGuests: true), null)));

    [Fact]
    public void An_event_that_is_changed_is_spelled_with_what_stands_there_now() => Assert.Equal(
        $$$"""{"before":{{{Visit}}},"calendar":"work","connection":"connection-00000000000000000000000001","etag":"\"7\"","event":{"description":"","guests":[],"location":"","title":"Away","when":{"first":"2027-03-20","last":"2027-03-22"}},"gates":["actor:pass:","recipient:confirm:new-recipient"],"guestsTold":"no","id":"e1","kind":"change-event","requestSha256":"{{{Hex}}}"}""",
        Text(Event(
            new EventOrder.Change(new("work", "e1"), "\"7\"", new EventContent("Away", "", "", Days, []), TellGuests: false),
            EventWriterContract.Visit)));

    [Fact]
    public void An_event_that_is_cancelled_is_spelled_so() => Assert.Equal(
        $$$"""{"before":{{{Visit}}},"calendar":"","connection":"connection-00000000000000000000000001","etag":"\"7\"","gates":["actor:pass:","recipient:confirm:new-recipient"],"guestsTold":"yes","id":"e1","kind":"cancel-event","requestSha256":"{{{Hex}}}"}""",
        Text(Event(new EventOrder.Cancel(new("", "e1"), "\"7\"", TellGuests: true), EventWriterContract.Visit)));

    [Fact]
    public void A_task_is_spelled_so_and_without_a_connection_on_the_practice_s_own_list() => Assert.Equal(
        $$$"""{"gates":["actor:pass:","recipient:confirm:new-recipient"],"kind":"add-task","mark":"1f3870be274f6c49b3e31a0c6728957f","requestSha256":"{{{Hex}}}","task":{"due":"2027-03-15","notes":"Mornings.","title":"Call Ada"}}""",
        Encoding.UTF8.GetString(ActionDigest.Text(
            new OutgoingTask(null, new TaskOrder(Mark, new TaskContent("Call Ada", new(2027, 3, 15), "Mornings."))), Request, null, Gates)));

    private const string Visit =
        """{"description":"Please bring your papers.\nWe look forward to seeing you.","guests":["ada@clinic-friends.example"],"location":"Harbour Clinic, room 2","title":"First visit","when":{"end":"2027-03-15T10:15:00","start":"2027-03-15T09:30:00","zone":"Europe/Berlin"}}""";

    private static readonly EventSpan Days = new EventSpan.AllDay(new(2027, 3, 20), new(2027, 3, 22));

    private static string Hex => Convert.ToHexStringLower(Request);

    private static OutgoingEvent Event(EventOrder order, EventContent? before) => new(AnyGateFacts.Mailbox, order, before);

    private static string Text(OutgoingAction action) => Encoding.UTF8.GetString(ActionDigest.Text(action, Request, Connection, Gates));
}
