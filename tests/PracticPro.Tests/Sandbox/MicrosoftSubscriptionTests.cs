using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace PracticPro.Tests.Sandbox;

public sealed class MicrosoftSubscriptionTests
{
    [Fact]
    public async Task A_subscription_is_made_after_both_addresses_sent_the_token_back()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        await using GraphReceiver receiver = await GraphReceiver.StartAsync();
        var seen = new List<string>();
        receiver.Validates = token =>
        {
            seen.Add(token);
            return Results.Text(token, "text/plain");
        };

        Reply made = await SubscribeAsync(sandbox, receiver);

        Assert.Equal(201, made.Status);
        Assert.Equal(2, seen.Count);
        Assert.Contains(": ", seen[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_answer_to_the_validation_makes_no_subscription()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        await using GraphReceiver receiver = await GraphReceiver.StartAsync();
        Func<string, IResult>[] wrong =
        [
            token => Results.Text(Uri.EscapeDataString(token), "text/plain"),
            token => Results.Text($"\"{token}\"", "text/plain"),
            token => Results.Text(token, "application/json"),
            token => Results.Text(token, "text/plain", statusCode: 202),
        ];
        foreach (Func<string, IResult> answer in wrong)
        {
            receiver.Validates = answer;

            Reply refused = await SubscribeAsync(sandbox, receiver);

            Assert.Equal((400, "ValidationError"), (refused.Status, (string?)refused.Body!["error"]!["code"]));
        }

        Assert.Empty(sandbox.World.Subscriptions.All);
    }

    [Theory]
    [InlineData(10_080, 201, 10_080)]
    [InlineData(10_081, 400, 0)]
    [InlineData(5, 201, 45)]
    public async Task The_life_of_a_subscription_has_limits(int asked, int status, int given)
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        await using GraphReceiver receiver = await GraphReceiver.StartAsync();

        Reply made = await SubscribeAsync(sandbox, receiver, minutes: asked);

        Assert.Equal(status, made.Status);
        if (status == 201)
        {
            Assert.Equal(SandboxClient.Start.AddMinutes(given),
                DateTimeOffset.Parse(made.Text("expirationDateTime"), CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public async Task A_change_is_told_with_the_clientState_and_the_kind_of_id_asked_for()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        await using GraphReceiver receiver = await GraphReceiver.StartAsync();
        Reply made = await SubscribeAsync(sandbox, receiver);

        JsonNode letter = await sandbox.DeliverAsync("News");
        await sandbox.DeliverAsync("Elsewhere", folder: "archive");
        JsonNode notice = (await receiver.NextAsync())["value"]![0]!;
        await sandbox.World.Courier.DrainAsync();

        Assert.Equal((made.Text("id"), "secret-1", "created"),
            ((string?)notice["subscriptionId"], (string?)notice["clientState"], (string?)notice["changeType"]));
        Assert.Equal((string?)letter["immutableId"], (string?)notice["resourceData"]!["id"]);
        Assert.False(receiver.HasMore);
    }

    [Fact]
    public async Task Held_notices_of_several_subscriptions_come_in_one_post_in_the_order_given()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        await using GraphReceiver receiver = await GraphReceiver.StartAsync();
        Reply mail = await SubscribeAsync(sandbox, receiver);
        Reply events = await SubscribeAsync(sandbox, receiver, "/me/events");
        await sandbox.ControlAsync(HttpMethod.Post, "notifications/hold");

        await sandbox.DeliverAsync("News");
        await sandbox.PostAsync(
            "me/events", MicrosoftClientOfTests.Event("One", "2026-12-02T10:00:00", "2026-12-02T11:00:00"));
        await sandbox.ControlAsync(HttpMethod.Post, "notifications/release", new JsonObject { ["order"] = "reversed" });
        JsonArray notices = (await receiver.NextAsync())["value"]!.AsArray();

        Assert.Equal([events.Text("id"), mail.Text("id")], notices.Select(notice => (string)notice!["subscriptionId"]!));
    }

    [Fact]
    public async Task Notices_are_lost_and_doubled_when_it_is_told_so()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        await using GraphReceiver receiver = await GraphReceiver.StartAsync();
        await SubscribeAsync(sandbox, receiver);
        await sandbox.ControlAsync(
            HttpMethod.Post, "notifications/trouble", new JsonObject { ["dropNext"] = 1, ["double"] = true });

        await sandbox.DeliverAsync("Lost");
        JsonNode second = await sandbox.DeliverAsync("Twice");
        await sandbox.World.Courier.DrainAsync();
        List<JsonNode> notices = [.. sandbox.World.Courier.Batches.SelectMany(batch => batch.Notices)];

        Assert.Equal(2, notices.Count);
        Assert.All(notices, notice => Assert.Equal((string?)second["immutableId"], (string?)notice["resourceData"]!["id"]));
    }

    [Fact]
    public async Task A_refused_notice_comes_again()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        await using GraphReceiver receiver = await GraphReceiver.StartAsync();
        await SubscribeAsync(sandbox, receiver);
        receiver.Statuses.Enqueue(503);

        await sandbox.DeliverAsync("News");
        JsonNode first = await receiver.NextAsync();
        while (sandbox.World.Courier.Batches.All(batch => batch.Statuses.Count == 0))
        {
            await Task.Yield();
        }

        await sandbox.World.Courier.DrainAsync();

        Assert.Equal(first.ToJsonString(), (await receiver.NextAsync()).ToJsonString());
        Assert.Equal([503, 202], Assert.Single(sandbox.World.Courier.Batches).Statuses);
    }

    [Fact]
    public async Task A_subscription_is_renewed_runs_out_and_is_then_unknown()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        await using GraphReceiver receiver = await GraphReceiver.StartAsync();
        string path = "subscriptions/" + (await SubscribeAsync(sandbox, receiver, minutes: 60)).Text("id");

        Reply renewed = await sandbox.PatchAsync(path, Until(120));
        sandbox.Clock.Advance(TimeSpan.FromMinutes(119));
        sandbox.SignIn("Mail.Read");
        Reply alive = await sandbox.GetAsync(path);
        sandbox.Clock.Advance(TimeSpan.FromMinutes(1));
        Reply dead = await sandbox.PatchAsync(path, Until(300));

        Assert.Equal((200, 200, 404), (renewed.Status, alive.Status, dead.Status));
    }

    [Fact]
    public async Task Reauthorization_is_asked_for_and_nothing_comes_until_it_is_given()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        await using GraphReceiver receiver = await GraphReceiver.StartAsync();
        string id = (await SubscribeAsync(sandbox, receiver)).Text("id");

        await sandbox.ControlAsync(HttpMethod.Post, $"subscriptions/{id}/lifecycle",
            new JsonObject { ["event"] = "reauthorizationRequired" });
        JsonNode asked = (await receiver.NextAsync())["value"]![0]!;
        await sandbox.DeliverAsync("Unheard");
        Reply given = await sandbox.PostAsync($"subscriptions/{id}/reauthorize");
        JsonNode heard = await sandbox.DeliverAsync("Heard");

        Assert.Equal(("reauthorizationRequired", "secret-1"),
            ((string?)asked["lifecycleEvent"], (string?)asked["clientState"]));
        Assert.Equal(204, given.Status);
        Assert.Equal((string?)heard["immutableId"],
            (string?)(await receiver.NextAsync())["value"]![0]!["resourceData"]!["id"]);
    }

    [Fact]
    public async Task A_removed_subscription_says_so_and_a_killed_one_does_not()
    {
        await using MicrosoftClientOfTests sandbox = await MicrosoftClientOfTests.StartAsync();
        await using GraphReceiver receiver = await GraphReceiver.StartAsync();
        string removed = (await SubscribeAsync(sandbox, receiver)).Text("id");
        string killed = (await SubscribeAsync(sandbox, receiver)).Text("id");

        await sandbox.ControlAsync(HttpMethod.Post, $"subscriptions/{killed}/kill");
        await sandbox.ControlAsync(HttpMethod.Post, $"subscriptions/{removed}/lifecycle",
            new JsonObject { ["event"] = "subscriptionRemoved" });
        JsonNode said = (await receiver.NextAsync())["value"]![0]!;
        await sandbox.DeliverAsync("Unheard");
        await sandbox.World.Courier.DrainAsync();

        Assert.Equal((removed, "subscriptionRemoved"), ((string?)said["subscriptionId"], (string?)said["lifecycleEvent"]));
        Assert.False(receiver.HasMore);
        Assert.Empty((await sandbox.GetAsync("subscriptions")).Body!["value"]!.AsArray());
    }

    private static JsonObject Until(int minutes) => new()
    {
        ["expirationDateTime"] = SandboxClient.Start.AddMinutes(minutes).ToString("o", CultureInfo.InvariantCulture),
    };

    private static Task<Reply> SubscribeAsync(
        MicrosoftClientOfTests sandbox, GraphReceiver receiver, string resource = "/me/mailFolders('inbox')/messages",
        int minutes = 4_000)
    {
        JsonObject body = Until(minutes);
        body["changeType"] = "created,updated,deleted";
        body["notificationUrl"] = receiver.Address.ToString();
        body["lifecycleNotificationUrl"] = receiver.Lifecycle.ToString();
        body["resource"] = resource;
        body["clientState"] = "secret-1";
        return sandbox.PostAsync("subscriptions", body, MicrosoftClientOfTests.Immutable);
    }
}
