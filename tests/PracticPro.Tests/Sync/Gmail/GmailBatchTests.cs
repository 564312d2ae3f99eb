using System.Text.Json.Nodes;
using PracticPro.Sandbox.Faults;
using PracticPro.Sync;
using PracticPro.Sync.Streams;

namespace PracticPro.Tests.Sync.Gmail;

/// <summary>Several messages asked about in one exchange.</summary>
[Trait("Promise", "SYNC-1")]
public sealed class GmailBatchTests
{
    private const string Alone = "/messages/[0-9a-f]+$";
    private const string Together = "^/batch$";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_message_gets_its_own_envelope_in_the_order_it_was_asked_for()
    {
        await using var stage = await GmailStage.OpenAsync();
        var ids = Ids(stage);

        var answers = (await stage.Mailbox.AskEnvelopesAsync(ids, Cancellation)).Expect();

        Assert.Equal(ids, answers.Select(static answer => answer.Argument));
        Assert.Equal(ids, answers.Select(IdIn));
        Assert.All(answers, static answer => Assert.Equal(("gmail-messages-get", 200), (answer.Operation, answer.Status)));
        Assert.All(answers, static answer => Assert.NotNull(answer.Date));
        Assert.Equal((1, ids.Count), (Asked(stage, "/batch"), Asked(stage, "messages/{id}")));
    }

    [Fact]
    public async Task What_is_answered_together_is_what_is_answered_alone()
    {
        await using var stage = await GmailStage.OpenAsync();
        var ids = Ids(stage);

        var together = (await stage.Mailbox.AskPartsAsync(ids, Cancellation)).Expect();

        foreach (var (id, answer) in ids.Zip(together))
        {
            var alone = Assert.Single((await stage.Mailbox.AskPartsAsync([id], Cancellation)).Expect());
            Assert.Equal(alone.Body.ToArray(), answer.Body.ToArray());
            Assert.Equal((alone.Operation, alone.Argument, alone.Status), (answer.Operation, answer.Argument, answer.Status));
        }

        Assert.Equal(1, Asked(stage, "/batch"));
    }

    [Fact]
    public async Task A_message_that_is_not_there_is_an_answer_among_the_others()
    {
        await using var stage = await GmailStage.OpenAsync();
        List<string> ids = [Ids(stage)[0], "19af0000000000ff", Ids(stage)[1]];

        var answers = (await stage.Mailbox.AskEnvelopesAsync(ids, Cancellation)).Expect();

        Assert.Equal([200, 404, 200], answers.Select(static answer => answer.Status));
        Assert.Equal((ids[1], true), (answers[1].Argument, answers[1].Body.IsEmpty));
    }

    [Theory]
    [InlineData("backendError")]
    [InlineData("authError")]
    [InlineData("failedPrecondition")]
    public async Task What_is_refused_among_others_is_asked_again_alone(string reason)
    {
        await using var stage = await GmailStage.OpenAsync();
        var ids = Ids(stage);
        Fail(stage, Alone, reason, skip: 3, times: 2);

        var answers = (await stage.Mailbox.AskEnvelopesAsync(ids, Cancellation)).Expect();

        Assert.Equal(ids, answers.Select(IdIn));
        Assert.Equal((1, ids.Count + 2), (Asked(stage, "/batch"), Asked(stage, "messages/{id}")));
    }

    [Fact]
    public async Task What_is_refused_alone_too_fails_the_whole_for_the_reason_it_gives()
    {
        await using var stage = await GmailStage.OpenAsync();
        Fail(stage, Alone, "insufficientPermissions", skip: 3, times: 0);

        Assert.IsType<SyncFailures.ScopeMissing>((await stage.Mailbox.AskEnvelopesAsync(Ids(stage), Cancellation)).Failure);
    }

    [Fact]
    public async Task A_rate_limit_within_is_peace_for_the_mailbox_and_the_next_time_all_is_there()
    {
        await using var stage = await GmailStage.OpenAsync();
        var ids = Ids(stage)[..10];
        Fail(stage, Alone, "userRateLimitExceeded", skip: 3, times: 1);

        var refused = await stage.Mailbox.AskEnvelopesAsync(ids, Cancellation);
        Assert.IsType<SyncFailures.RateLimited>((await stage.Mailbox.ProfileAsync(Cancellation)).Failure);
        var asked = Asked(stage, "messages/{id}");
        stage.Sandbox.Clock.Advance(TimeSpan.FromSeconds(31));
        var answers = (await stage.Mailbox.AskEnvelopesAsync(ids, Cancellation)).Expect();

        Assert.IsType<SyncFailures.RateLimited>(refused.Failure);
        Assert.Equal(ids.Count, asked);
        Assert.Equal(ids, answers.Select(IdIn));
        Assert.Equal(12, stage.Mailbox.MostTogether(25));
    }

    [Fact]
    public async Task A_token_that_ran_out_is_renewed_once_for_all_of_them()
    {
        await using var stage = await GmailStage.OpenAsync();
        var ids = Ids(stage);
        Fail(stage, Together, "authError", skip: 0, times: 1);
        Assert.Equal(ids, (await stage.Mailbox.AskEnvelopesAsync(ids, Cancellation)).Expect().Select(IdIn));
        Assert.Equal(1, stage.Tokens.Renewals);

        Fail(stage, Alone, "authError", skip: 0, times: ids.Count);
        Assert.Equal(ids, (await stage.Mailbox.AskEnvelopesAsync(ids, Cancellation)).Expect().Select(IdIn));
        Assert.Equal(2, stage.Tokens.Renewals);

        stage.Tokens.IsDead = true;
        Fail(stage, Together, "authError", skip: 0, times: 0);
        Assert.IsType<SyncFailures.GrantDead>((await stage.Mailbox.AskEnvelopesAsync(ids, Cancellation)).Failure);
    }

    [Theory]
    [InlineData("notFound", typeof(SyncFailures.ProviderRefused))]
    [InlineData("backendError", typeof(SyncFailures.ProviderDown))]
    [InlineData("userRateLimitExceeded", typeof(SyncFailures.RateLimited))]
    public async Task A_batch_that_is_refused_says_nothing_of_any_message(string reason, Type failure)
    {
        await using var stage = await GmailStage.OpenAsync();
        Fail(stage, Together, reason, skip: 0, times: 1);

        Assert.IsType(failure, (await stage.Mailbox.AskEnvelopesAsync(Ids(stage), Cancellation)).Failure);
    }

    private static List<string> Ids(GmailStage stage) =>
        [.. stage.Sandbox.Owner.NewestToOldest.Select(static message => message.Id.ToString()).Take(25)];

    private static string IdIn(ProviderAnswer answer) => (string)JsonNode.Parse(answer.Body.Span)!["id"]!;

    private static void Fail(GmailStage stage, string path, string reason, int skip, int times) => stage.Sandbox.World.Faults.Add(
        new FaultMatch(null, path, null), new FaultAction(FaultKind.Status) { Reason = reason }, skip, times);

    private static int Asked(GmailStage stage, string words) => stage.Sandbox.World.Statistics.Requests
        .Where(pair => pair.Key.EndsWith(words, StringComparison.Ordinal))
        .Sum(static pair => pair.Value);
}
