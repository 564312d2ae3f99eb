using System.Text.Json;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Calendar;

namespace PracticPro.Sandbox.Control;

/// <summary>
/// Changes calendars behind the client's back, expires what it holds, and spoils notifications. Calendars are named by
/// the account, or by account and calendar id.
/// </summary>
internal static class CalendarControl
{
    public static void Map(RouteGroupBuilder calendar, World world)
    {
        calendar.MapPut("/settings", (SettingsWish wish) => Configure(world, wish));
        calendar.MapPost("/{account}/calendars", (string account, CalendarWish wish) =>
        {
            world.Calendars.Primary(account);
            return Results.Json(View(world.Calendars.Open(account, wish.Id, wish.Summary ?? wish.Id)));
        });
        calendar.MapPost("/{account}/fill", (string account) => With(world, account, kept =>
        {
            CalendarSeeding.Fill(kept, world.Practice);
            return View(kept);
        }));
        calendar.MapGet("/{account}/dump", (string account) => With(world, account, Dump));
        calendar.MapPost("/{account}/expire-tokens", (string account) => With(world, account, kept =>
        {
            kept.ExpireTokens();
            return View(kept);
        }));
        calendar.MapPut("/{account}/paging", (string account, PagingWish wish) => With(world, account, kept =>
        {
            kept.LargestPage = wish.LargestPage ?? kept.LargestPage;
            kept.EmptyPages = wish.EmptyPages ?? kept.EmptyPages;
            return View(kept);
        }));
        calendar.MapPost("/{account}/events", (string account, JsonObject written) => With(world, account, kept =>
        {
            string id = (string?)written["id"] ?? CalendarIds.New(kept.Made);
            written.Remove("id");
            return kept.Find(id) is null && EventTimes.Normalise(kept, written) is null
                ? View(kept, kept.Add(new StoredEvent(id, written, kept.Clock.GetUtcNow())))
                : new { problem = "the id is taken, or start and end are no times" };
        }));
        calendar.MapPatch("/{account}/events/{id}", (string account, string id, JsonObject patch) =>
            WithEvent(world, account, id, (kept, found) =>
            {
                kept.Rewrite(found, EventMethods.Merged(found.Written, patch));
            }));
        calendar.MapDelete("/{account}/events/{id}", (string account, string id) =>
            WithEvent(world, account, id, (kept, found) => kept.Delete(found)));
        MapChannels(calendar, world);
    }

    private static void MapChannels(RouteGroupBuilder calendar, World world)
    {
        calendar.MapGet("/channels", () => Results.Json(world.Channels.Channels.Select(channel => new
        {
            id = channel.Key,
            account = channel.Calendar.Owner,
            calendar = channel.Calendar.Id,
            resourceId = channel.Calendar.ResourceId,
            address = channel.Address,
            expires = channel.ExpiresAt,
            lives = channel.Lives(world.Clock.GetUtcNow()),
        })));
        calendar.MapPost("/channels/{id}/kill", (string id) =>
        {
            if (world.Channels.Find(id) is not WatchChannel channel)
            {
                return Results.NotFound(new { problem = "no such channel" });
            }

            channel.HasEnded = true;
            return Results.NoContent();
        });
        calendar.MapGet("/notices", () => Results.Json(world.Channels.Notices.Select(View)));
        calendar.MapPost("/notices/release", (ReleaseWish wish) =>
        {
            world.Channels.Release(held => wish.Order == "reversed" ? held.Reverse() : held);
            return Results.NoContent();
        });
        calendar.MapPost("/notices/drain", async () =>
        {
            await world.Channels.DrainAsync();
            return Results.Json(world.Channels.Notices.Select(View));
        });
    }

    private static IResult Configure(World world, SettingsWish wish)
    {
        ChannelCourier courier = world.Channels;
        courier.DropNext = wish.DropNext ?? courier.DropNext;
        courier.DuplicateNext = wish.DuplicateNext ?? courier.DuplicateNext;
        courier.Holds = wish.Hold ?? courier.Holds;
        courier.SyncFirst = wish.SyncFirst ?? courier.SyncFirst;
        courier.TakesLoopbackHttp = wish.LoopbackHttp ?? courier.TakesLoopbackHttp;
        courier.Gap = wish.GapMilliseconds is double gap ? TimeSpan.FromMilliseconds(gap) : courier.Gap;
        courier.LongestLife = wish.LongestLifeSeconds is double life ? TimeSpan.FromSeconds(life) : courier.LongestLife;
        world.CalendarQuota.UnitsPerMinute = wish.CallsPerMinute ?? world.CalendarQuota.UnitsPerMinute;
        world.CalendarQuotaCode = wish.QuotaStatus ?? world.CalendarQuotaCode;
        return Results.NoContent();
    }

    private static IResult With(World world, string account, Func<EventCalendar, object> act)
    {
        if (world.Mailboxes.Find(account) is not { } mailbox)
        {
            return Results.NotFound(new { problem = "no such account" });
        }

        EventCalendar calendar = world.Calendars.Primary(mailbox.Address);
        lock (calendar.Gate)
        {
            return Results.Json(act(calendar));
        }
    }

    private static IResult WithEvent(World world, string account, string id, Action<EventCalendar, StoredEvent> act) =>
        With(world, account, kept =>
        {
            if (kept.FindOrMake(id) is not { IsDeleted: false } found)
            {
                return new { problem = "no such event" };
            }

            EventMethods.File(kept, found);
            act(kept, found);
            return View(kept, found);
        });

    /// <summary>All a client could know of the calendar, deleted events left out; and what guests were sent.</summary>
    private static object Dump(EventCalendar calendar) => new
    {
        account = calendar.Owner,
        calendar = calendar.Id,
        change = calendar.Current,
        events = calendar.All.Where(kept => !kept.IsDeleted || kept.SeriesId is not null)
            .Select(kept => EventJson.Write(calendar, kept)),
        guestMails = calendar.GuestMails,
    };

    private static object View(EventCalendar calendar) => new
    {
        account = calendar.Owner,
        calendar = calendar.Id,
        events = calendar.All.Count(kept => !kept.IsDeleted),
        change = calendar.Current,
    };

    private static JsonObject View(EventCalendar calendar, StoredEvent kept) => EventJson.Write(calendar, kept);

    private static object View(ChannelNotice notice) => new
    {
        channel = notice.Channel.Key,
        number = notice.Number,
        resourceState = notice.ResourceState,
        state = JsonNamingPolicy.CamelCase.ConvertName(notice.State.ToString()),
        statuses = notice.Statuses,
    };

    /// <summary>What is absent stays as it is. QuotaStatus: 403 or 429.</summary>
    internal sealed record SettingsWish(
        int? DropNext, int? DuplicateNext, bool? Hold, bool? SyncFirst, bool? LoopbackHttp, double? GapMilliseconds,
        double? LongestLifeSeconds, int? CallsPerMinute, int? QuotaStatus);

    internal sealed record CalendarWish(string Id, string? Summary);

    internal sealed record PagingWish(int? LargestPage, int? EmptyPages);

    /// <summary>Order: "fifo" (default) or "reversed".</summary>
    internal sealed record ReleaseWish(string? Order);
}
