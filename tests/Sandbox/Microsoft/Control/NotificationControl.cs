using System.Text.Json;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Microsoft.Subscriptions;

namespace PracticPro.Sandbox.Microsoft.Control;

/// <summary>Holds, reorders, loses, doubles and forges notices; ends subscriptions with and without a word.</summary>
internal static class NotificationControl
{
    public static void Map(RouteGroupBuilder notices, MicrosoftWorld world)
    {
        notices.MapGet("", () => Results.Json(world.Courier.Batches.Select(View)));
        notices.MapPost("/hold", () =>
        {
            world.Courier.Holds = true;
            return Results.NoContent();
        });
        notices.MapPost("/release", (ReleaseWish wish) =>
        {
            world.Courier.Release(held => Ordered(held, wish.Order), wish.Mixed ?? true);
            return Results.NoContent();
        });
        notices.MapPost("/drain", async () =>
        {
            await world.Courier.DrainAsync();
            return Results.Json(world.Courier.Batches.Select(View));
        });
        notices.MapPost("/trouble", (TroubleWish wish) =>
        {
            world.Courier.DropsNext = wish.DropNext ?? world.Courier.DropsNext;
            world.Courier.Doubles = wish.Double ?? world.Courier.Doubles;
            return Results.NoContent();
        });
        notices.MapPost("/send", async (SendWish wish) =>
            !wish.Url.IsAbsoluteUri || !wish.Url.IsLoopback
                ? Results.BadRequest(new { problem = "url must be an absolute loopback address" })
                : Results.Json(new { status = await world.Courier.SendAsync(wish.Url, wish.Value) }));
    }

    public static void MapSubscriptions(RouteGroupBuilder subscriptions, MicrosoftWorld world)
    {
        subscriptions.MapGet("", () => Results.Json(world.Subscriptions.All.Select(one => one.ToJson())));
        subscriptions.MapPost("/{id}/kill", (string id) =>
            world.Subscriptions.Remove(id) ? Results.NoContent() : Results.NotFound());
        subscriptions.MapPost("/{id}/lifecycle", (string id, LifecycleWish wish) =>
        {
            if (world.Subscriptions.Find(id) is not Subscription found)
            {
                return Results.NotFound();
            }

            world.Subscriptions.Tell(found, wish.Event);
            return Results.NoContent();
        });
    }

    private static IEnumerable<(Uri Url, JsonObject Notice)> Ordered(
        IReadOnlyList<(Uri Url, JsonObject Notice)> held, string? order) =>
        order == "reversed" ? held.Reverse() : held;

    private static object View(NoticeBatch batch) => new
    {
        url = batch.Url,
        state = JsonNamingPolicy.CamelCase.ConvertName(batch.State.ToString()),
        statuses = batch.Statuses,
        value = batch.Notices,
    };

    /// <summary>Order: "fifo" (default) or "reversed". Mixed: as few POSTs as can be (default), or one each.</summary>
    internal sealed record ReleaseWish(string? Order, bool? Mixed);

    /// <summary>DropNext: how many of the next notices are lost without a trace. Double: each comes twice.</summary>
    internal sealed record TroubleWish(int? DropNext, bool? Double);

    /// <summary>Sent as it stands, once.</summary>
    internal sealed record SendWish(Uri Url, JsonObject[] Value);

    /// <summary>reauthorizationRequired, subscriptionRemoved or missed.</summary>
    internal sealed record LifecycleWish(string Event);
}
