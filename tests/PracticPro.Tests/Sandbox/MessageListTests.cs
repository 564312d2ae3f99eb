using System.Text.Json.Nodes;
using PracticPro.Sandbox.Gmail;

namespace PracticPro.Tests.Sandbox;

public sealed class MessageListTests
{
    [Fact]
    public async Task An_empty_mailbox_lists_no_messages_member_at_all()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();

        Reply reply = await sandbox.GetAsync("messages");

        Assert.False(reply.Body!.AsObject().ContainsKey("messages"));
        Assert.Equal(0, (int)reply.Body["resultSizeEstimate"]!);
    }

    [Fact]
    public async Task Pages_cover_everything_once_from_new_to_old()
    {
        await using SandboxClient sandbox = await SandboxClient.StartWithSamplesAsync();

        List<string> ids = await AllAsync(sandbox, "maxResults=4&includeSpamTrash=true");

        lock (sandbox.Owner.Gate)
        {
            Assert.Equal([.. sandbox.Owner.NewestToOldest.Select(message => message.Id.ToString())], ids);
        }
    }

    [Fact]
    public async Task Mail_that_arrives_between_two_pages_repeats_nothing()
    {
        await using SandboxClient sandbox = await SandboxClient.StartWithSamplesAsync();
        Reply first = await sandbox.GetAsync("messages?maxResults=5");
        sandbox.Clock.Advance(TimeSpan.FromMinutes(1));
        await sandbox.DeliverAsync();

        Reply second = await sandbox.GetAsync($"messages?maxResults=5&pageToken={first.Text("nextPageToken")}");

        Assert.Empty(Ids(first).Intersect(Ids(second)));
    }

    [Fact]
    public async Task Labels_are_joined_by_and()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string read = (string)(await sandbox.DeliverAsync("read"))["id"]!;
        string unread = (string)(await sandbox.DeliverAsync("unread"))["id"]!;
        await sandbox.PostAsync($"messages/{read}/modify", new() { ["removeLabelIds"] = new JsonArray(Labels.Unread) });

        Reply reply = await sandbox.GetAsync("messages?labelIds=INBOX&labelIds=UNREAD");

        Assert.Equal([unread], Ids(reply));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("includeSpamTrash=true", true)]
    [InlineData("labelIds=TRASH", true)]
    [InlineData("q=in:trash", true)]
    [InlineData("q=in:anywhere", true)]
    public async Task Trashed_mail_is_listed_only_when_asked_for(string query, bool listed)
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string id = (string)(await sandbox.DeliverAsync())["id"]!;
        await sandbox.PostAsync($"messages/{id}/trash");

        Assert.Equal(listed, Ids(await sandbox.GetAsync("messages?" + query)).Contains(id));
    }

    [Theory]
    [InlineData("rfc822msgid:f1@lab.example", 1)]
    [InlineData("rfc822msgid:<f1@lab.example>", 1)]
    [InlineData("from:keller in:anywhere -subject:another -in:sent", 2)]
    [InlineData("to:desk@harbour-clinic.example", 1)]
    [InlineData("subject:\"appointment on\" from:maria", 2)]
    [InlineData("after:2031/01/01", 0)]
    [InlineData("before:1262304000", 0)]
    [InlineData("unknownoperator:x", 0)]
    public async Task The_search_language_finds(string query, int count)
    {
        await using SandboxClient sandbox = await SandboxClient.StartWithSamplesAsync();

        Reply reply = await sandbox.GetAsync("messages?q=" + Uri.EscapeDataString(query));

        Assert.Equal(count, Ids(reply).Count());
    }

    [Fact]
    public async Task A_slow_index_hides_new_mail_from_searches_but_not_from_lists()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        string control = $"/control/mailboxes/{sandbox.Owner.Address}/search-delay";
        await sandbox.CallAsync(HttpMethod.Post, control, new JsonObject { ["seconds"] = 30 });
        string id = (string)(await sandbox.DeliverAsync("Plan"))["id"]!;

        IEnumerable<string> early = Ids(await sandbox.GetAsync("messages?q=subject:plan"));
        IEnumerable<string> listed = Ids(await sandbox.GetAsync("messages"));
        sandbox.Clock.Advance(TimeSpan.FromSeconds(30));
        IEnumerable<string> late = Ids(await sandbox.GetAsync("messages?q=subject:plan"));

        Assert.Empty(early);
        Assert.Equal([id], listed);
        Assert.Equal([id], late);
    }

    [Theory]
    [InlineData("pageToken=garbage")]
    [InlineData("maxResults=0")]
    [InlineData("labelIds=NOPE")]
    public async Task A_bad_parameter_is_an_invalid_argument(string query)
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();

        Reply reply = await sandbox.GetAsync("messages?" + query);

        Assert.Equal((400, "invalidArgument"), (reply.Status, reply.Reason));
    }

    [Fact]
    public async Task A_thread_lists_its_messages_oldest_first()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        JsonNode first = await sandbox.DeliverAsync("Plan");
        sandbox.Clock.Advance(TimeSpan.FromMinutes(1));
        JsonNode second = await sandbox.DeliverAsync("Re: Plan", (string)first["rfc822MessageId"]!);

        Reply thread = await sandbox.GetAsync($"threads/{first["threadId"]}?format=minimal");

        Assert.Equal([(string)first["id"]!, (string)second["id"]!], Ids(thread));
    }

    private static IEnumerable<string> Ids(Reply reply) =>
        (reply.Body!["messages"]?.AsArray() ?? []).Select(message => (string)message!["id"]!);

    private static async Task<List<string>> AllAsync(SandboxClient sandbox, string query)
    {
        var ids = new List<string>();
        string? token = null;
        do
        {
            Reply page = await sandbox.GetAsync($"messages?{query}&pageToken={token}");
            ids.AddRange(Ids(page));
            token = (string?)page.Body!["nextPageToken"];
        }
        while (token is not null);
        return ids;
    }
}
