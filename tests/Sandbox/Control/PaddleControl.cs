using System.Text.Json.Nodes;
using PracticPro.Sandbox.Paddle;
using PracticPro.Sandbox.Webhooks;

namespace PracticPro.Sandbox.Control;

/// <summary>Lets Paddle's events happen, and sets where and how they are notified.</summary>
internal static class PaddleControl
{
    public static void Map(RouteGroupBuilder paddle, World world)
    {
        PaddleWorld sender = world.Paddle;
        paddle.MapPost("/emit", (EmitWish wish) =>
        {
            WebhookDelivery delivery = sender.Emit(wish.Type, wish.Data);
            return Results.Json(new { notificationId = delivery.Key, eventId = sender.Events[^1] });
        });
        paddle.MapPost("/replay", (ReplayWish wish) => sender.Notify(wish.EventId) is WebhookDelivery again
            ? Results.Json(new { notificationId = again.Key })
            : Results.NotFound(new { problem = "no such event" }));
        RouteGroupBuilder notices = paddle.MapGroup("/notices");
        notices.MapPut("", (NoticesWish wish) =>
        {
            sender.Scheme.Secrets = wish.Secrets ?? sender.Scheme.Secrets;
            sender.Scheme.Skew = TimeSpan.FromSeconds(wish.SkewSeconds ?? 0);
            return WebhookControl.Configure(sender.Courier, wish);
        });
        notices.MapPost("/hold", () =>
        {
            sender.Courier.Holds = true;
            return Results.NoContent();
        });
        notices.MapPost("/release", (ReleaseWish wish) =>
        {
            sender.Courier.Release(wish.Order);
            return Results.NoContent();
        });
        notices.MapPost("/lose", () =>
        {
            sender.Courier.LoseHeld();
            return Results.NoContent();
        });
        WebhookControl.Map(notices, sender.Courier);
    }

    /// <summary>Type as "subscription.created" or "transaction.completed"; data is made up unless given.</summary>
    internal sealed record EmitWish(string Type, JsonObject? Data);

    internal sealed record ReplayWish(string EventId);

    /// <summary>Order: "fifo" (default), "reversed" or "shuffled".</summary>
    internal sealed record ReleaseWish(string? Order);

    /// <summary>Secrets: two during a rotation. SkewSeconds: how far the signature's time is off.</summary>
    internal sealed record NoticesWish(
        Uri Endpoint, int? Copies, int? LostPercent, double? LongestWaitSeconds, string[]? Secrets, double? SkewSeconds)
        : WebhookControl.SettingsWish(Endpoint, Copies, LostPercent, LongestWaitSeconds);
}
