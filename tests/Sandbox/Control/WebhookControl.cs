using System.Text.Json;
using PracticPro.Sandbox.Webhooks;

namespace PracticPro.Sandbox.Control;

/// <summary>What the couriers of signed notifications have in common: where to, the story so far, again, at once.</summary>
internal static class WebhookControl
{
    public static void Map(RouteGroupBuilder notices, WebhookCourier courier)
    {
        notices.MapGet("", () => Results.Json(courier.Deliveries.Select(View)));
        notices.MapDelete("", () =>
        {
            courier.Settings = null;
            return Results.NoContent();
        });
        notices.MapPost("/drain", async () =>
        {
            await courier.DrainAsync();
            return Results.Json(courier.Deliveries.Select(View));
        });
        notices.MapPost("/again", (AgainWish wish) => Again(courier, wish));
    }

    /// <summary>Null and a problem when the wish cannot be met.</summary>
    public static IResult Configure(WebhookCourier courier, SettingsWish wish)
    {
        if (!wish.Endpoint.IsAbsoluteUri || !wish.Endpoint.IsLoopback)
        {
            return Results.BadRequest(new { problem = "endpoint must be an absolute loopback address" });
        }

        courier.Settings = new WebhookSettings(wish.Endpoint)
        {
            Copies = wish.Copies ?? 1,
            LostPercent = wish.LostPercent ?? 0,
            LongestWait = wish.LongestWaitSeconds is double seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        return Results.NoContent();
    }

    public static object View(WebhookDelivery delivery) => new
    {
        key = delivery.Key,
        state = JsonNamingPolicy.CamelCase.ConvertName(delivery.State.ToString()),
        statuses = delivery.Statuses,
    };

    /// <summary>One more attempt outside the ordinary delivery, with a sound signature or one with a fault.</summary>
    private static async Task<IResult> Again(WebhookCourier courier, AgainWish wish)
    {
        if (!Enum.TryParse(wish.Signature ?? nameof(SignatureFault.None), ignoreCase: true, out SignatureFault fault))
        {
            return Results.BadRequest(new { problem = "unknown signature fault" });
        }

        return courier.Find(wish.Key) is WebhookDelivery delivery && courier.Settings is WebhookSettings settings
            ? Results.Json(new { status = await courier.AttemptAsync(delivery, settings.Endpoint, fault) })
            : Results.NotFound(new { problem = "no such notification, or no endpoint is set" });
    }

    internal record SettingsWish(Uri Endpoint, int? Copies, int? LostPercent, double? LongestWaitSeconds);

    /// <summary>Signature: a name of <see cref="SignatureFault"/>.</summary>
    internal sealed record AgainWish(string Key, string? Signature);
}
