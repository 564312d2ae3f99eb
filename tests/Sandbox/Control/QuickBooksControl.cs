using PracticPro.Sandbox.OAuth;
using PracticPro.Sandbox.QuickBooks;

namespace PracticPro.Sandbox.Control;

/// <summary>Moves the books of companies, grants, limits and notifications of QuickBooks.</summary>
internal static class QuickBooksControl
{
    public static void Map(RouteGroupBuilder quickBooks, World world)
    {
        QuickBooksWorld books = world.QuickBooks;
        quickBooks.MapGet("/counts", () => Results.Json(Counts(books)));
        quickBooks.MapPut("/limits", (LimitsWish wish) =>
        {
            books.Limits.Clear();
            (books.Limits.PerSecond, books.Limits.PerMinute, books.Limits.PerMonth) = (wish.PerSecond, wish.PerMinute, wish.PerMonth);
            return Results.Json(wish);
        });
        MapGrants(quickBooks.MapGroup("/oauth"), books);
        MapNotices(quickBooks.MapGroup("/notices"), books);
        BookControl.Map(quickBooks.MapGroup("/companies"), world);
    }

    private static void MapGrants(RouteGroupBuilder oauth, QuickBooksWorld books)
    {
        oauth.MapPost("/grant", (RealmWish wish) =>
        {
            if (books.Find(wish.Realm ?? QuickBooksWorld.DefaultRealm) is not Company company)
            {
                return Results.NotFound(new { problem = "no such company" });
            }

            OAuthClient client = books.ClientOf(wish.ClientId) ?? QuickBooksWorld.DefaultClient;
            IntuitTokens tokens = books.Grants.Give(client, company.Realm);
            return Results.Json(new
            {
                clientId = client.Key, clientSecret = client.Secret, realmId = company.Realm, accessToken = tokens.Access,
                refreshToken = tokens.Refresh,
            });
        });
        oauth.MapPost("/revoke", (RealmWish wish) =>
            Results.Json(new { ended = books.Grants.EndAll(wish.Realm ?? QuickBooksWorld.DefaultRealm) }));
        oauth.MapPost("/expire", (RealmWish wish) =>
        {
            books.Grants.ExpireAccess(wish.Realm);
            return Results.NoContent();
        });
        oauth.MapPut("/concurrency", (ConcurrencyWish wish) =>
        {
            books.Grants.PunishesConcurrency = wish.Punishes;
            books.Grants.ConcurrencyWindow = TimeSpan.FromSeconds(wish.WindowSeconds ?? books.Grants.ConcurrencyWindow.TotalSeconds);
            books.Grants.PreviousStillWorks = wish.PreviousStillWorks ?? false;
            return Results.NoContent();
        });
        oauth.MapPost("/clients", (ClientWish wish) =>
        {
            books.Register(new OAuthClient(wish.ClientId, wish.ClientSecret, wish.Redirects ?? []));
            return Results.NoContent();
        });
    }

    private static void MapNotices(RouteGroupBuilder notices, QuickBooksWorld books)
    {
        notices.MapPut("", (NoticesWish wish) =>
        {
            if (!Enum.TryParse(wish.Format ?? nameof(NoticeFormat.CloudEvents), ignoreCase: true, out NoticeFormat format))
            {
                return Results.BadRequest(new { problem = "unknown format" });
            }

            books.Notices.Format = format;
            books.Notices.Scheme.Verifier = wish.Verifier ?? books.Notices.Scheme.Verifier;
            books.Notices.Scheme.Schema = format == NoticeFormat.CloudEvents ? "1.0" : "0.1";
            return WebhookControl.Configure(books.Notices.Courier, wish);
        });
        notices.MapPost("/hold", () =>
        {
            books.Notices.Holds = true;
            return Results.NoContent();
        });
        notices.MapPost("/release", (ReleaseWish wish) =>
        {
            books.Notices.Release(wish.Together ?? false, wish.Order);
            return Results.NoContent();
        });
        notices.MapPost("/lose", () =>
        {
            books.Notices.LoseHeld();
            return Results.NoContent();
        });
        WebhookControl.Map(notices, books.Notices.Courier);
    }

    private static object Counts(QuickBooksWorld books) => new
    {
        writes = books.Writes,
        throttled = books.Limits.Refused,
        busiestSecond = books.Limits.BusiestSecond,
        readsThisMonth = books.Limits.ReadsThisMonth,
        punishedGrants = books.Grants.Punished,
        companies = books.Companies.Select(company => new
        {
            realm = company.Realm,
            grants = books.Grants.Alive(company.Realm),
            customers = company.All(BookKind.Customer).Count(),
            invoices = company.All(BookKind.Invoice).Count(),
            payments = company.All(BookKind.Payment).Count(),
        }),
    };

    internal sealed record LimitsWish(int? PerSecond, int? PerMinute, int? PerMonth);

    /// <summary>The default company when none is named; expire without one means all.</summary>
    internal sealed record RealmWish(string? Realm, string? ClientId);

    internal sealed record ConcurrencyWish(bool Punishes, double? WindowSeconds, bool? PreviousStillWorks);

    internal sealed record ClientWish(string ClientId, string ClientSecret, string[]? Redirects);

    /// <summary>Format: "cloudEvents" (default) or "eventNotifications".</summary>
    internal sealed record NoticesWish(
        Uri Endpoint, int? Copies, int? LostPercent, double? LongestWaitSeconds, string? Verifier, string? Format)
        : WebhookControl.SettingsWish(Endpoint, Copies, LostPercent, LongestWaitSeconds);

    /// <summary>Order: "fifo" (default), "reversed" or "shuffled".</summary>
    internal sealed record ReleaseWish(bool? Together, string? Order);
}
