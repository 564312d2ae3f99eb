using System.Text.Json;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.PubSub;

namespace PracticPro.Sandbox.Control;

/// <summary>Sets where pushes go, holds and reorders them, and sends pushes no honest Pub/Sub would send.</summary>
internal static class PushControl
{
    public static void Map(RouteGroupBuilder push, World world)
    {
        push.MapPut("", (SettingsWish wish) => Configure(world, wish));
        push.MapGet("", () => Results.Json(world.Push.Messages.Select(View)));
        push.MapDelete("", () =>
        {
            world.Push.Settings = null;
            return Results.NoContent();
        });
        push.MapPost("/hold", () =>
        {
            world.Push.Holds = true;
            return Results.NoContent();
        });
        push.MapPost("/release", (ReleaseWish wish) =>
        {
            world.Push.Release(held => Ordered(world, held, wish.Order));
            return Results.NoContent();
        });
        push.MapPost("/drain", async () =>
        {
            await world.Push.DrainAsync();
            return Results.Json(world.Push.Messages.Select(View));
        });
        push.MapPost("/again", (AgainWish wish) => Again(world, wish));
        push.MapPost("/send", (SendWish wish) => Send(world, wish));
    }

    private static IResult Configure(World world, SettingsWish wish)
    {
        if (!wish.Endpoint.IsAbsoluteUri || !wish.Endpoint.IsLoopback)
        {
            return Results.BadRequest(new { problem = "endpoint must be an absolute loopback address" });
        }

        var plain = new PushSettings(wish.Endpoint);
        world.Push.Settings = plain with
        {
            Audience = wish.Audience,
            Email = wish.Email ?? plain.Email,
            Subscription = wish.Subscription ?? plain.Subscription,
            Gap = TimeSpan.FromMilliseconds(wish.GapMilliseconds ?? 0),
            FirstWait = TimeSpan.FromMilliseconds(wish.FirstWaitMilliseconds ?? plain.FirstWait.TotalMilliseconds),
            LongestWait = TimeSpan.FromMilliseconds(
                wish.LongestWaitMilliseconds ?? plain.LongestWait.TotalMilliseconds),
            MostAttempts = wish.MostAttempts ?? plain.MostAttempts,
        };
        return Results.NoContent();
    }

    /// <summary>Sends at once, outside the ordinary delivery: as often as copies says, never again.</summary>
    private static async Task<IResult> Send(World world, SendWish wish)
    {
        if (world.Push.Settings is not PushSettings settings)
        {
            return Results.BadRequest(new { problem = "no push endpoint is set" });
        }

        if (!Enum.TryParse(wish.Token ?? nameof(TokenFault.None), ignoreCase: true, out TokenFault fault))
        {
            return Results.BadRequest(new { problem = "unknown token fault" });
        }

        HistoryId history = wish.HistoryId is ulong given ? new HistoryId(given)
            : world.Mailboxes.Find(wish.Mailbox)?.History.Current ?? new HistoryId(1);
        PushMessage message = world.Push.Compose(wish.Mailbox, history, wish.MessageId);
        int copies = wish.Copies ?? 1;
        for (int copy = 1; copy <= copies; copy++)
        {
            message.Note(await world.Push.AttemptAsync(message, settings, fault), last: copy == copies);
        }

        return Results.Json(View(message));
    }

    /// <summary>The true duplicate: a push that was delivered before, letter for letter, with a fresh token.</summary>
    private static async Task<IResult> Again(World world, AgainWish wish)
    {
        PushMessage? message = world.Push.Messages.LastOrDefault(sent => sent.Key == wish.MessageId);
        if (message is null || world.Push.Settings is not PushSettings settings)
        {
            return Results.NotFound(new { problem = "no such push, or no endpoint is set" });
        }

        message.Note(await world.Push.AttemptAsync(message, settings, TokenFault.None), last: true);
        return Results.Json(View(message));
    }

    private static IEnumerable<PushMessage> Ordered(World world, IReadOnlyList<PushMessage> held, string? order) =>
        order switch
    {
        "reversed" => held.Reverse(),
        "shuffled" => Shuffled(held, new Seeded(world.Options.Seed, "shuffle")),
        _ => held,
    };

    private static PushMessage[] Shuffled(IReadOnlyList<PushMessage> held, Seeded chance) =>
        [.. held.Select(message => (message, chance.Next())).OrderBy(pair => pair.Item2).Select(pair => pair.message)];

    private static object View(PushMessage message) => new
    {
        messageId = message.Key,
        mailbox = message.Mailbox,
        historyId = message.History.Value,
        state = JsonNamingPolicy.CamelCase.ConvertName(message.State.ToString()),
        statuses = message.Statuses,
    };

    internal sealed record SettingsWish(
        Uri Endpoint, string? Audience, string? Email, string? Subscription, double? GapMilliseconds,
        double? FirstWaitMilliseconds, double? LongestWaitMilliseconds, int? MostAttempts);

    internal sealed record AgainWish(string MessageId);

    /// <summary>Order: "fifo" (default), "reversed" or "shuffled".</summary>
    internal sealed record ReleaseWish(string? Order);

    /// <summary>Token: a name of <see cref="TokenFault"/>; a message id already used makes a duplicate.</summary>
    internal sealed record SendWish(string Mailbox, ulong? HistoryId, string? Token, string? MessageId, int? Copies);
}
