using System.Text.Json.Nodes;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.Mail;

namespace PracticPro.Tests.Sandbox;

public sealed class ControlTests
{
    private const string Owner = "/control/mailboxes/" + SandboxOptions.DefaultMailbox;

    [Fact]
    public async Task The_same_seed_makes_the_same_mailbox()
    {
        await using SandboxClient one = await SandboxClient.StartWithSamplesAsync();
        await using SandboxClient same = await SandboxClient.StartWithSamplesAsync();
        await using SandboxClient other = await SandboxClient.StartAsync(
            options => options with { Fill = true, Seed = 43 });

        string dump = await DumpAsync(one);

        Assert.Equal(dump, await DumpAsync(same));
        Assert.NotEqual(dump, await DumpAsync(other));
    }

    [Fact]
    public async Task A_reset_brings_back_the_first_day()
    {
        await using SandboxClient sandbox = await SandboxClient.StartWithSamplesAsync();
        string before = await DumpAsync(sandbox);
        await sandbox.DeliverAsync();
        await sandbox.PostAsync("messages/send", new() { ["raw"] = SandboxClient.Raw() });

        await sandbox.CallAsync(HttpMethod.Post, "/control/reset");

        Assert.Equal(before, await DumpAsync(sandbox));
        Assert.Empty(sandbox.World.Sends.All());
        Assert.Equal(401, (await sandbox.GetAsync("profile")).Status);
    }

    [Fact]
    public async Task The_mailbox_ends_a_few_minutes_ago_and_spans_two_years_at_most()
    {
        await using SandboxClient sandbox = await SandboxClient.StartWithSamplesAsync();

        lock (sandbox.Owner.Gate)
        {
            long[] dates = [.. sandbox.Owner.NewestToOldest.Select(message => message.InternalDate)];
            long now = SandboxClient.Start.ToUnixTimeMilliseconds();
            Assert.InRange(now - dates[0], 60_000, 600_000);
            Assert.InRange(now - dates[^1], 0, (long)TimeSpan.FromDays(731).TotalMilliseconds);
        }
    }

    [Fact]
    public async Task Every_third_thread_ends_with_the_owners_word()
    {
        await using SandboxClient sandbox = await SandboxClient.StartWithSamplesAsync();

        lock (sandbox.Owner.Gate)
        {
            int answered = sandbox.Owner.Threads.Values.Count(
                members => members.MaxBy(message => message.InternalDate)!.Has(Labels.Sent));
            Assert.InRange(answered, 4, sandbox.Owner.Threads.Count / 2);
        }
    }

    [Fact]
    public async Task Many_small_mailboxes_can_be_added()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        for (int number = 0; number < 50; number++)
        {
            Reply added = await sandbox.CallAsync(
                HttpMethod.Post, "/control/mailboxes",
                new JsonObject { ["address"] = $"m{number}@clinic.example", ["count"] = 3 });
            Assert.True((int)added.Body!["messages"]! >= 3);
        }

        Assert.Equal(51, (await sandbox.CallAsync(HttpMethod.Get, "/control/mailboxes")).Body!.AsArray().Count);
    }

    [Fact]
    public async Task Mailboxes_share_the_mail_without_splitting_a_subject()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync(options => options with
        {
            Fill = true, Mailboxes = ["a@clinic.example", "b@clinic.example"],
        });

        string[][] topics = [.. sandbox.World.Mailboxes.All.Select(mailbox =>
            mailbox.NewestToOldest.Select(message => message.Envelope.Topic).Distinct().ToArray())];

        Assert.Empty(topics[0].Intersect(topics[1]));
        Assert.All(topics, Assert.NotEmpty);
    }

    [Fact]
    public async Task What_is_changed_behind_the_clients_back_is_in_the_history()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string start = (await sandbox.GetAsync("profile")).Text("historyId");
        string id = (string)(await sandbox.DeliverAsync())["id"]!;
        await sandbox.CallAsync(HttpMethod.Post, $"{Owner}/messages/{id}/labels",
            new JsonObject { ["add"] = new JsonArray(Labels.Starred) });
        await sandbox.CallAsync(HttpMethod.Post, $"{Owner}/messages/{id}/trash");
        await sandbox.CallAsync(HttpMethod.Post, $"{Owner}/empty");

        Reply history = await sandbox.GetAsync($"history?startHistoryId={start}");

        Assert.Equal(5, history.Body!["history"]!.AsArray().Count);
        Assert.Equal(0, (int)(await sandbox.GetAsync("profile")).Body!["messagesTotal"]!);
    }

    [Fact]
    public async Task Raw_mail_is_delivered_as_it_is()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        CorpusMessage ugly = Corpus.Samples().Single(
            sample => sample.Origin.StartsWith("22-", StringComparison.Ordinal));

        await sandbox.CallAsync(HttpMethod.Post, Owner + "/deliver",
            new JsonObject { ["raw"] = Convert.ToBase64String(ugly.Raw) });

        lock (sandbox.Owner.Gate)
        {
            Assert.Equal(ugly.Raw, Assert.Single(sandbox.Owner.NewestToOldest).Raw);
        }
    }

    [Fact]
    public async Task Grants_can_be_given_expired_and_taken_back_by_hand()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        Reply grant = await sandbox.CallAsync(HttpMethod.Post, "/control/oauth/grant", new JsonObject
        {
            ["account"] = SandboxOptions.DefaultMailbox, ["scopes"] = new JsonArray(GmailScopes.Readonly),
        });
        sandbox.Http.DefaultRequestHeaders.Authorization = new("Bearer", grant.Text("accessToken"));
        Assert.Equal(200, (await sandbox.GetAsync("profile")).Status);

        await sandbox.CallAsync(HttpMethod.Post, "/control/oauth/expire", new JsonObject());
        Assert.Equal(401, (await sandbox.GetAsync("profile")).Status);
        Assert.Equal(200, (await RefreshAsync(sandbox, grant)).Status);

        await sandbox.CallAsync(HttpMethod.Post, "/control/oauth/revoke",
            new JsonObject { ["account"] = SandboxOptions.DefaultMailbox });
        Assert.Equal("invalid_grant", (await RefreshAsync(sandbox, grant)).Text("error"));
    }

    [Theory]
    [InlineData("--mail /no/such/folder")]
    [InlineData("--port")]
    [InlineData("--port high")]
    [InlineData("--unknown 1")]
    public void A_command_line_that_is_not_understood_is_refused(string line) =>
        Assert.NotNull(CommandLine.Read(line.Split(' ')).Problem);

    [Fact]
    public void The_command_line_sets_what_it_names()
    {
        string line = "--port 0 --seed 9 --limit 20 --units-per-minute 6000 --mailboxes a@x.example,b@y.example";

        SandboxOptions options = CommandLine.Read(line.Split(' ')).Options!;

        Assert.Equal((0, 9L, 20, 6000), (options.Port, options.Seed, options.Limit, options.UnitsPerMinute));
        Assert.Equal(["a@x.example", "b@y.example"], options.Mailboxes);
    }

    private static Task<Reply> RefreshAsync(SandboxClient sandbox, Reply grant) => sandbox.FormAsync("/token", new()
    {
        ["grant_type"] = "refresh_token",
        ["client_id"] = grant.Text("clientId"),
        ["client_secret"] = grant.Text("clientSecret"),
        ["refresh_token"] = grant.Text("refreshToken"),
    });

    private static async Task<string> DumpAsync(SandboxClient sandbox) =>
        (await sandbox.CallAsync(HttpMethod.Get, Owner + "/dump")).Body!.ToJsonString();
}
