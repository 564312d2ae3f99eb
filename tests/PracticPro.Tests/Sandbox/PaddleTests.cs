using System.Text;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Paddle;

namespace PracticPro.Tests.Sandbox;

public sealed class PaddleTests
{
    [Fact]
    public async Task An_event_is_notified_with_its_envelope_and_a_signature_over_time_and_body()
    {
        await using NoticeReceiver receiver = await NoticeReceiver.StartAsync();
        await using SandboxClient sandbox = await ToldAsync(receiver);

        Reply emitted = await EmitAsync(sandbox, "subscription.created");

        SignedNotice notice = await receiver.NextAsync();
        JsonNode envelope = JsonNode.Parse(notice.Body)!;
        Assert.Equal(emitted.Text("eventId"), (string?)envelope["event_id"]);
        Assert.Equal(emitted.Text("notificationId"), (string?)envelope["notification_id"]);
        Assert.Equal(("subscription.created", "active"), ((string)envelope["event_type"]!, (string)envelope["data"]!["status"]!));
        Assert.Equal("2026-11-22T09:00:00.000000Z", (string?)envelope["occurred_at"]);
        string at = SandboxClient.Start.ToUnixTimeSeconds().ToString(null, null);
        Assert.Equal(
            $"ts={at};h1={PaddleScheme.Sign(PaddleScheme.DefaultSecret, at, notice.Body)}", notice.Headers["Paddle-Signature"]);
    }

    [Fact]
    public void The_signature_is_that_of_the_makers_own_examples()
    {
        Assert.Equal(
            "a300428748dce5c70e4da19bffd60769591ea969c99dea3105d0ec9612cf43f9",
            PaddleScheme.Sign("VALID_SECRET", "1698796800", Encoding.UTF8.GetBytes("{\"data\": [\"1\", \"2\"]}")));
        Assert.Equal(
            "d96299976a6eb066f484d7fde011ac56fc32b38fc9940bc419d6e537fdc6ef02",
            PaddleScheme.Sign(
                "pdl_ntf_01hbpjmytsa32fhr36nqgc3kgb_WvRO0eL4Bj9rgYYIBZY6wZhG4EHy9jzh",
                "1696195954",
                Encoding.UTF8.GetBytes("hello-world")));
    }

    [Fact]
    public async Task During_a_rotation_there_is_a_signature_for_each_secret()
    {
        await using NoticeReceiver receiver = await NoticeReceiver.StartAsync();
        await using SandboxClient sandbox = await ToldAsync(receiver, secrets: ["old", "new"]);

        await EmitAsync(sandbox, "transaction.completed");

        string header = (await receiver.NextAsync()).Headers["Paddle-Signature"];
        Assert.Equal(2, header.Split(';').Count(part => part.StartsWith("h1=", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Only_200_acknowledges_and_each_attempt_is_signed_afresh()
    {
        await using NoticeReceiver receiver = await NoticeReceiver.StartAsync();
        receiver.Statuses.Enqueue(204);
        await using SandboxClient sandbox = await ToldAsync(receiver);
        await EmitAsync(sandbox, "transaction.completed");

        SignedNotice first = await receiver.NextAsync();
        sandbox.Clock.Advance(TimeSpan.FromSeconds(30));
        await sandbox.CallAsync(HttpMethod.Post, "/control/paddle/notices/drain");
        SignedNotice second = await receiver.NextAsync();

        Assert.Equal(first.Body, second.Body);
        Assert.NotEqual(first.Headers["Paddle-Signature"], second.Headers["Paddle-Signature"]);
    }

    [Fact]
    public async Task A_replay_is_the_same_event_under_another_notification()
    {
        await using NoticeReceiver receiver = await NoticeReceiver.StartAsync();
        await using SandboxClient sandbox = await ToldAsync(receiver);
        Reply emitted = await EmitAsync(sandbox, "subscription.canceled");
        JsonNode first = JsonNode.Parse((await receiver.NextAsync()).Body)!;

        await sandbox.CallAsync(
            HttpMethod.Post, "/control/paddle/replay", new JsonObject { ["eventId"] = emitted.Text("eventId") });

        JsonNode second = JsonNode.Parse((await receiver.NextAsync()).Body)!;
        Assert.Equal((string?)first["event_id"], (string?)second["event_id"]);
        Assert.NotEqual((string?)first["notification_id"], (string?)second["notification_id"]);
    }

    [Fact]
    public async Task Held_events_come_out_in_the_order_asked_for()
    {
        await using NoticeReceiver receiver = await NoticeReceiver.StartAsync();
        await using SandboxClient sandbox = await ToldAsync(receiver);
        await sandbox.CallAsync(HttpMethod.Post, "/control/paddle/notices/hold");
        await EmitAsync(sandbox, "subscription.created");
        await EmitAsync(sandbox, "subscription.activated");

        await sandbox.CallAsync(
            HttpMethod.Post, "/control/paddle/notices/release", new JsonObject { ["order"] = "reversed" });

        Assert.Equal("subscription.activated", (string?)JsonNode.Parse((await receiver.NextAsync()).Body)!["event_type"]);
        Assert.Equal("subscription.created", (string?)JsonNode.Parse((await receiver.NextAsync()).Body)!["event_type"]);
    }

    private static Task<Reply> EmitAsync(SandboxClient sandbox, string type) =>
        sandbox.CallAsync(HttpMethod.Post, "/control/paddle/emit", new JsonObject { ["type"] = type });

    private static async Task<SandboxClient> ToldAsync(NoticeReceiver receiver, string[]? secrets = null)
    {
        SandboxClient sandbox = await SandboxClient.StartAsync();
        var wish = new JsonObject { ["endpoint"] = receiver.Address.ToString() };
        if (secrets is not null)
        {
            wish["secrets"] = new JsonArray([.. secrets.Select(secret => (JsonNode)secret)]);
        }

        await sandbox.CallAsync(HttpMethod.Put, "/control/paddle/notices", wish);
        return sandbox;
    }
}
