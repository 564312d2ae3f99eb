using System.Text;
using System.Text.Json.Nodes;
using PracticPro.Kernel;
using PracticPro.Sandbox;
using PracticPro.Sync;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

using PracticPro.Tests.Sandbox;

namespace PracticPro.Tests.Sync.Gmail;

public sealed class MailboxSettingsTests
{
    private const string Mailbox = $"/control/mailboxes/{SandboxOptions.DefaultMailbox}/";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Labels_are_known_by_the_names_their_owner_gives_them()
    {
        await using var stage = await GmailStage.OpenAsync();
        await ControlAsync(stage, HttpMethod.Post, "labels", new() { ["name"] = "Billing" });
        var before = await ReadAsync(stage, new StreamRequest.Read(null, null));
        await ControlAsync(stage, HttpMethod.Put, "labels/Label_1", new() { ["name"] = "Invoices" });

        var after = await ReadAsync(stage, new StreamRequest.Follow(MailboxSettingsSource.Whole, null));

        Assert.Contains(new MailLabel("Label_1", "Billing", true), before.Labels);
        Assert.Contains(new MailLabel("Label_1", "Invoices", true), after.Labels);
        Assert.Contains(new MailLabel("INBOX", "INBOX", false), after.Labels);
    }

    [Fact]
    public async Task Only_the_account_s_own_address_and_verified_ones_may_be_sent_from()
    {
        await using var stage = await GmailStage.OpenAsync();
        await ControlAsync(stage, HttpMethod.Put, "aliases/desk@clinic.example", new() { ["verified"] = true });
        await ControlAsync(stage, HttpMethod.Put, "aliases/new@clinic.example", new() { ["verified"] = false });

        var settings = await ReadAsync(stage, new StreamRequest.Read(null, null));

        Assert.True(settings.MaySendFrom(EmailAddress.Parse(SandboxOptions.DefaultMailbox)));
        Assert.True(settings.MaySendFrom(EmailAddress.Parse("desk@clinic.example")));
        Assert.False(settings.MaySendFrom(EmailAddress.Parse("new@clinic.example")));
        Assert.False(settings.MaySendFrom(EmailAddress.Parse("stranger@clinic.example")));
    }

    [Fact]
    public async Task No_signature_crosses_the_wire()
    {
        await using var stage = await GmailStage.OpenAsync();

        var fetched = (await Source(stage).FetchAsync(new StreamRequest.Read(null, null), Unknown, Cancellation)).Expect();

        Assert.DoesNotContain(
            fetched.Each, answer => Encoding.UTF8.GetString(answer.Body.Span).Contains("signature", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_without_its_list_is_not_an_empty_list()
    {
        await using var stage = await GmailStage.OpenAsync();
        var answers = new ProviderAnswers([new("a", null, 200, "{}"u8.ToArray()), new("b", null, 200, "{}"u8.ToArray())]);

        var reduced = Source(stage).Reduce(new StreamRequest.Read(null, null), answers, new Dictionary<string, MirroredItem>());

        Assert.IsType<SyncFailures.AnswerMalformed>(reduced.Failure);
    }

    private static async Task<MailboxSettings> ReadAsync(GmailStage stage, StreamRequest request)
    {
        var source = Source(stage);
        var answers = (await source.FetchAsync(request, Unknown, Cancellation)).Expect();
        var page = source.Reduce(request, answers, new Dictionary<string, MirroredItem>()).Expect();
        Assert.Equal(MailboxSettingsSource.Whole, page.NextPoint);
        return Assert.IsType<MailboxSettings>(Assert.Single(page.Present));
    }

    private static MailboxSettingsSource Source(GmailStage stage) =>
        new(ConnectionId.New(TimeProvider.System), _ => stage.Mailbox);

    private static ValueTask<MirroredItem?> Unknown(string id) => ValueTask.FromResult<MirroredItem?>(null);

    private static Task<Reply> ControlAsync(GmailStage stage, HttpMethod method, string path, JsonObject body) =>
        stage.Sandbox.CallAsync(method, Mailbox + path, body);
}
