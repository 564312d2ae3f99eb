using System.Globalization;
using System.Text.Json.Nodes;
using PracticPro.Audit;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Calendar;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.GoogleCalendar;
using PracticPro.Sync.Published;

namespace PracticPro.Simulation.Sync;

/// <summary>A Google calendar's life.</summary>
internal sealed class CalendarLife(string address, World world, Random random) : AccountLife(world, random)
{
    private readonly EventCalendar calendar = world.Calendars.Primary(address);
    private int added;

    public override Provider Provider => GoogleCalendarConnector.Name;

    public override string Account => address;

    protected override string[] Paths => ["/calendar/v3/calendars/[^/]+/events$", "/calendar/v3/calendars/[^/]+/events$", "/events/watch$"];

    protected override string TokenPath => "^/token$";

    protected override string[] Reasons => ["backendError", "rateLimitExceeded", "userRateLimitExceeded"];

    public override void Fill()
    {
        for (var left = Random.Next(1, 15); left > 0; left--)
        {
            Add();
        }
    }

    public override void ChangeOne()
    {
        lock (calendar.Gate)
        {
            StoredEvent[] living = [.. calendar.All.Where(static kept => kept is { IsDeleted: false, SeriesId: null })];
            if (living.Length == 0 || Random.Next(3) == 0)
            {
                Add();
                return;
            }

            var one = living[Random.Next(living.Length)];
            if (Random.Next(3) == 0)
            {
                calendar.Delete(one);
            }
            else
            {
                calendar.Rewrite(one, Written($"Moved {Random.Next(1000)}"));
            }
        }
    }

    /// <summary>What it told so far; now and then also whom it was to tell, without a word.</summary>
    public override void Forget()
    {
        foreach (var channel in World.Channels.Channels.Where(_ => Random.Next(3) == 0))
        {
            channel.HasEnded = true;
        }

        lock (calendar.Gate)
        {
            calendar.ExpireTokens();
        }
    }

    public override void Revoke() => World.Grants.RevokeAccount(address);

    public override void ExpireAccess() => World.Grants.ExpireAccess(null);

    public override Task<bool> GrantLivesAsync(TenantScope scope, Connection connection, CancellationToken cancellation) =>
        MailTruth.GrantLivesAsync(scope, World, connection, cancellation);

    public override async Task<IReadOnlyList<string>> DifferencesAsync(
        TenantScope scope, Connection connection, CancellationToken cancellation)
    {
        Dictionary<string, string> there;
        lock (calendar.Gate)
        {
            there = calendar.All
                .Where(kept => !kept.IsDeleted || (kept.SeriesId is not null && calendar.Find(kept.SeriesId) is { IsDeleted: false }))
                .ToDictionary(static kept => kept.Id, static kept => kept.Etag);
        }

        return await VersionsDifferAsync(
            scope, SyncKinds.CalendarEvent, connection, static item => item.Version, there, cancellation);
    }

    private void Add()
    {
        lock (calendar.Gate)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"event{++added:D5}");
            calendar.Add(new StoredEvent(id, Written($"Session {added}"), World.Clock.GetUtcNow()));
        }
    }

    private JsonObject Written(string summary)
    {
        var start = World.Clock.GetUtcNow().AddHours(Random.Next(1, 500));
        return new JsonObject
        {
            ["summary"] = summary,
            ["start"] = new JsonObject { ["dateTime"] = start.ToString("yyyy-MM-ddTHH:mm:ssK", CultureInfo.InvariantCulture) },
            ["end"] = new JsonObject { ["dateTime"] = start.AddMinutes(50).ToString("yyyy-MM-ddTHH:mm:ssK", CultureInfo.InvariantCulture) },
        };
    }
}
