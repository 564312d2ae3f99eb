using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Gmail;

namespace PracticPro.Tests.Sandbox;

public sealed class PushTests
{
    private const string Topic = "projects/practicpro-sandbox/topics/gmail";

    [Fact]
    public async Task A_change_in_a_watched_mailbox_is_pushed_with_a_number_for_an_id()
    {
        await using PushReceiver receiver = await PushReceiver.StartAsync();
        await using SandboxClient sandbox = await WatchedAsync(receiver);
        JsonNode delivered = await sandbox.DeliverAsync();

        ReceivedPush push = await receiver.NextAsync();

        Assert.Equal(SandboxOptions.DefaultMailbox, (string?)push.Notice["emailAddress"]);
        Assert.Equal((string?)delivered["historyId"], push.Notice["historyId"]!.GetValue<ulong>().ToString(null, null));
        Assert.Equal("projects/practicpro-sandbox/subscriptions/gmail-push", (string?)push.Body["subscription"]);
    }

    [Fact]
    public async Task The_token_verifies_against_the_published_keys()
    {
        await using PushReceiver receiver = await PushReceiver.StartAsync();
        await using SandboxClient sandbox = await WatchedAsync(receiver);
        await sandbox.DeliverAsync();

        string token = (await receiver.NextAsync()).Token!;

        Assert.True(await VerifiesAsync(sandbox, token));
        JsonNode claims = Claims(token);
        Assert.Equal("https://accounts.google.com", (string?)claims["iss"]);
        Assert.Equal(receiver.Address.ToString(), (string?)claims["aud"]);
        Assert.Equal("push@practicpro-sandbox.iam.gserviceaccount.example", (string?)claims["email"]);
        Assert.True((bool)claims["email_verified"]!);
        Assert.Equal(3_600, (long)claims["exp"]! - (long)claims["iat"]!);
    }

    [Fact]
    public async Task A_refused_push_comes_again_with_the_same_message_id()
    {
        await using PushReceiver receiver = await PushReceiver.StartAsync();
        receiver.Statuses.Enqueue(500);
        receiver.Statuses.Enqueue(503);
        await using SandboxClient sandbox = await WatchedAsync(receiver);
        await sandbox.DeliverAsync();

        ReceivedPush first = await receiver.NextAsync();
        await sandbox.CallAsync(HttpMethod.Post, "/control/push/drain");
        ReceivedPush second = await receiver.NextAsync();
        await sandbox.CallAsync(HttpMethod.Post, "/control/push/drain");
        ReceivedPush third = await receiver.NextAsync();

        Assert.Equal((first.Key, first.Key), (second.Key, third.Key));
        await sandbox.CallAsync(HttpMethod.Post, "/control/push/drain");
        Reply story = await sandbox.CallAsync(HttpMethod.Get, "/control/push");
        Assert.Equal("acknowledged", (string?)story.Body![0]!["state"]);
        Assert.Equal([500, 503, 204], story.Body[0]!["statuses"]!.AsArray().Select(status => (int)status!));
    }

    [Fact]
    public async Task Held_pushes_come_out_in_the_order_asked_for()
    {
        await using PushReceiver receiver = await PushReceiver.StartAsync();
        await using SandboxClient sandbox = await WatchedAsync(receiver);
        await sandbox.CallAsync(HttpMethod.Post, "/control/push/hold");
        await sandbox.DeliverAsync();
        await sandbox.DeliverAsync();

        await sandbox.CallAsync(HttpMethod.Post, "/control/push/release", new JsonObject { ["order"] = "reversed" });

        Assert.True((await NumberAsync(receiver)) > (await NumberAsync(receiver)));
    }

    [Theory]
    [InlineData("badSignature", false)]
    [InlineData("algorithmNone", false)]
    [InlineData("unknownKey", false)]
    [InlineData("wrongEmail", true)]
    [InlineData("expired", true)]
    public async Task Bad_tokens_are_bad_in_the_way_asked_for(string fault, bool verifies)
    {
        await using PushReceiver receiver = await PushReceiver.StartAsync();
        await using SandboxClient sandbox = await WatchedAsync(receiver);

        await SendAsync(sandbox, new() { ["mailbox"] = "nobody@clinic.example", ["token"] = fault });

        Assert.Equal(verifies, await VerifiesAsync(sandbox, (await receiver.NextAsync()).Token!));
    }

    [Fact]
    public async Task A_push_may_come_without_a_token_and_more_than_once()
    {
        await using PushReceiver receiver = await PushReceiver.StartAsync();
        await using SandboxClient sandbox = await WatchedAsync(receiver);

        Reply sent = await SendAsync(
            sandbox, new() { ["mailbox"] = "x@y.example", ["token"] = "missing", ["copies"] = 2 });

        ReceivedPush first = await receiver.NextAsync();
        Assert.Null(first.Token);
        Assert.Equal(first.Key, (await receiver.NextAsync()).Key);
        Assert.Equal([204, 204], sent.Body!["statuses"]!.AsArray().Select(status => (int)status!));
    }

    [Fact]
    public async Task A_push_that_comes_again_is_the_same_to_the_letter()
    {
        await using PushReceiver receiver = await PushReceiver.StartAsync();
        await using SandboxClient sandbox = await WatchedAsync(receiver);
        await sandbox.DeliverAsync();
        ReceivedPush first = await receiver.NextAsync();
        sandbox.Clock.Advance(TimeSpan.FromMinutes(3));

        await sandbox.CallAsync(HttpMethod.Post, "/control/push/again", new JsonObject { ["messageId"] = first.Key });

        Assert.Equal(first.Body.ToJsonString(), (await receiver.NextAsync()).Body.ToJsonString());
    }

    [Fact]
    public async Task Within_the_gap_many_changes_are_one_push()
    {
        await using PushReceiver receiver = await PushReceiver.StartAsync();
        await using SandboxClient sandbox = await WatchedAsync(receiver, gapMilliseconds: 1_000);
        await sandbox.DeliverAsync();
        ReceivedPush first = await receiver.NextAsync();
        await sandbox.DeliverAsync();
        await sandbox.DeliverAsync();
        Assert.False(receiver.HasMore);

        Task<ReceivedPush> second = receiver.NextAsync().AsTask();
        while (!second.IsCompleted)
        {
            // The courier sets its timer on another thread; the clock is moved until it has.
            sandbox.Clock.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        sandbox.SignIn(GmailScopes.Full);
        Assert.True((ulong)(await second).Notice["historyId"]! > (ulong)first.Notice["historyId"]!);
        string current = (await sandbox.GetAsync("profile")).Text("historyId");
        Assert.Equal(current, (await second).Notice["historyId"]!.ToString());
    }

    [Fact]
    public async Task Another_topic_is_refused_while_one_is_watched()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        Reply first = await WatchAsync(sandbox, Topic);
        Reply renewed = await WatchAsync(sandbox, Topic);
        Reply other = await WatchAsync(sandbox, Topic + "-2");
        Reply stopped = await sandbox.PostAsync("stop");

        Assert.Equal((200, 200), (first.Status, renewed.Status));
        Assert.Equal((400, "invalidArgument"), (other.Status, other.Reason));
        Assert.Equal(204, stopped.Status);
        Assert.Equal(200, (await WatchAsync(sandbox, Topic + "-2")).Status);
        Assert.Equal(
            (SandboxClient.Start + Watch.Life).ToUnixTimeMilliseconds().ToString(null, null), first.Text("expiration"));
    }

    [Fact]
    public async Task A_watch_ends_after_a_week_and_minds_its_labels()
    {
        await using PushReceiver receiver = await PushReceiver.StartAsync();
        await using SandboxClient sandbox = await WatchedAsync(receiver, label: Labels.Sent);
        await sandbox.DeliverAsync();
        Assert.Empty(sandbox.World.Push.Messages);
        await sandbox.PostAsync("messages/send", new() { ["raw"] = SandboxClient.Raw() });
        Assert.Single(sandbox.World.Push.Messages);

        sandbox.Clock.Advance(Watch.Life);
        sandbox.SignIn(GmailScopes.Full);
        await sandbox.PostAsync("messages/send", new() { ["raw"] = SandboxClient.Raw() });

        Assert.Single(sandbox.World.Push.Messages);
    }

    private static async Task<SandboxClient> WatchedAsync(
        PushReceiver receiver, int gapMilliseconds = 0, string? label = null)
    {
        SandboxClient sandbox = await SandboxClient.StartAsync();
        await sandbox.CallAsync(HttpMethod.Put, "/control/push", new JsonObject
        {
            ["endpoint"] = receiver.Address.ToString(),
            ["gapMilliseconds"] = gapMilliseconds,
        });
        await WatchAsync(sandbox, Topic, label);
        return sandbox;
    }

    private static Task<Reply> WatchAsync(SandboxClient sandbox, string topic, string? label = null) =>
        sandbox.PostAsync("watch", new()
        {
            ["topicName"] = topic,
            ["labelIds"] = label is null ? [] : new JsonArray(label),
        });

    private static Task<Reply> SendAsync(SandboxClient sandbox, JsonObject push) =>
        sandbox.CallAsync(HttpMethod.Post, "/control/push/send", push);

    private static async Task<ulong> NumberAsync(PushReceiver receiver) =>
        (ulong)(await receiver.NextAsync()).Notice["historyId"]!;

    private static JsonNode Claims(string token) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!;

    private static async Task<bool> VerifiesAsync(SandboxClient sandbox, string token)
    {
        Reply keys = await sandbox.CallAsync(HttpMethod.Get, "/oauth2/v3/certs");
        string[] parts = token.Split('.');
        JsonNode header = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!;
        JsonNode? key = keys.Body!["keys"]!.AsArray()
            .FirstOrDefault(known => (string?)known!["kid"] == (string?)header["kid"]);
        if (key is null || (string?)header["alg"] != "RS256")
        {
            return false;
        }

        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Base64Url.DecodeFromChars((string?)key["n"]),
            Exponent = Base64Url.DecodeFromChars((string?)key["e"]),
        });
        return rsa.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]),
            HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
