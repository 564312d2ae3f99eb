namespace PracticPro.Sandbox.Microsoft.Control;

/// <summary>The calls under /control/microsoft: grants, mail, calendar, tasks, notices, and how the service behaves.</summary>
internal static class MicrosoftControl
{
    public static void Map(RouteGroupBuilder control, MicrosoftWorld world)
    {
        control.MapGet("/statistics", () => Results.Json(new
        {
            bodiesServed = world.Traffic.BodiesServed,
            refusedAtOnce = world.Traffic.RefusedAtOnce,
            mostAtOnce = world.Traffic.Highest,
            sends = world.Sends.All().Select(send => new
            {
                send.Mailbox,
                id = send.Key?.Immutable,
                rfc822MessageId = send.Rfc822Id.Value,
                send.Via,
                send.At,
                subject = send.Letter.Subject,
                to = send.Letter.Recipients.Select(to => to.Address),
                attachments = send.Letter.Attachments.Select(file => file.Name),
                sha256 = send.Sha256,
            }),
        }));
        control.MapPut("/settings", (SettingsWish wish) => Set(world, wish));
        GrantControl.Map(control.MapGroup("/oauth"), world);
        AccountControl.Map(control.MapGroup("/accounts"), world);
        CalendarControl.Map(control.MapGroup("/accounts/{address}"), world);
        NotificationControl.Map(control.MapGroup("/notifications"), world);
        NotificationControl.MapSubscriptions(control.MapGroup("/subscriptions"), world);
    }

    /// <summary>The account of the address in the path, locked; 404 without one.</summary>
    public static IResult With(MicrosoftWorld world, string address, Func<OutlookAccount, object?> act)
    {
        if (world.Accounts.Find(address) is not OutlookAccount account)
        {
            return Results.NotFound(new { problem = "no such account" });
        }

        lock (account.Gate)
        {
            account.Mail.Settle();
            return act(account) is object answer
                ? Results.Json(answer)
                : Results.NotFound(new { problem = "no such item" });
        }
    }

    private static IResult Set(MicrosoftWorld world, SettingsWish wish)
    {
        MicrosoftSettings settings = world.Settings;
        if (wish.LostSyncState is string lost)
        {
            if (!Enum.TryParse(lost, ignoreCase: true, out LostSyncState state))
            {
                return Results.BadRequest(new { problem = "unknown lostSyncState" });
            }

            settings.LostSyncState = state;
        }

        settings.EchoesScopesInFull = wish.EchoesScopesInFull ?? settings.EchoesScopesInFull;
        settings.CallsMovedDeleted = wish.CallsMovedDeleted ?? settings.CallsMovedDeleted;
        settings.SparseUpdates = wish.SparseUpdates ?? settings.SparseUpdates;
        settings.SeriesLast = wish.SeriesLast ?? settings.SeriesLast;
        settings.EmptyPages = wish.EmptyPages ?? settings.EmptyPages;
        settings.Replays = wish.Replays ?? settings.Replays;
        settings.RefusesRepeatedTransactions = wish.RefusesRepeatedTransactions ?? settings.RefusesRepeatedTransactions;
        settings.SentDelay = Seconds(wish.SentDelaySeconds) ?? settings.SentDelay;
        settings.Latency = Seconds(wish.LatencySeconds) ?? settings.Latency;
        world.Traffic.MostAtOnce = wish.MostAtOnce ?? world.Traffic.MostAtOnce;
        world.Traffic.MostInTenMinutes = wish.MostInTenMinutes ?? world.Traffic.MostInTenMinutes;
        world.Grants.OldRefreshLife = Seconds(wish.OldRefreshSeconds) ?? world.Grants.OldRefreshLife;
        return Results.NoContent();
    }

    private static TimeSpan? Seconds(double? seconds) => seconds is double given ? TimeSpan.FromSeconds(given) : null;

    /// <summary>What is absent stays as it is.</summary>
    internal sealed record SettingsWish(
        string? LostSyncState, bool? EchoesScopesInFull, bool? CallsMovedDeleted, bool? SparseUpdates, bool? SeriesLast,
        bool? EmptyPages, int? Replays, bool? RefusesRepeatedTransactions, double? SentDelaySeconds, double? LatencySeconds,
        int? MostAtOnce, int? MostInTenMinutes, double? OldRefreshSeconds);
}
