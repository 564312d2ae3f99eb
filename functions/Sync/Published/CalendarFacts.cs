using System.Runtime.CompilerServices;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Calendars;
using PracticPro.Vault;

namespace PracticPro.Sync.Published;

/// <summary>What is in the practice's calendars: what other rooms may ask of the synced events.</summary>
internal sealed class CalendarFacts(TenantScopes scopes)
{
    /// <summary>The longest event that is found by a time within it.</summary>
    public static readonly TimeSpan LongestEvent = TimeSpan.FromDays(31);

    /// <summary>How far ahead of the first instant is looked.</summary>
    public static readonly TimeSpan LongestLook = TimeSpan.FromDays(400);

    private const int PageSize = 200;

    // yyyy-MM-
    private const int MonthLength = 8;

    /// <summary>
    /// Events that take place between two instants, or begin before the second and end after the first, of all connected
    /// calendars; by start. Whole days are days in UTC. Neither cancelled ones nor the masters of series.
    /// </summary>
    /// <param name="most">At most so many.</param>
    public async Task<IReadOnlyList<KnownEvent>> BetweenAsync(
        TenantId tenant, DateTimeOffset from, DateTimeOffset until, int most, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var found = new List<KnownEvent>();
        var last = until - from < LongestLook ? until : from + LongestLook;
        for (var month = FirstOfMonth(from - LongestEvent); month < last; month = month.AddMonths(1))
        {
            await foreach (var item in OfMonthAsync(scope, month, cancellation))
            {
                var (start, end) = (EventMirror.StartOf(item)!.Value, EventMirror.EndOf(item)!.Value);
                if (start < last && (end > from || start >= from))
                {
                    found.Add(Known(item, start, end));
                }
            }
        }

        return [.. found.OrderBy(static item => item.StartsAt).ThenBy(static item => item.SourceId, StringComparer.Ordinal).Take(most)];
    }

    private static DateTimeOffset FirstOfMonth(DateTimeOffset instant) =>
        new(instant.UtcDateTime.Year, instant.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);

    private static async IAsyncEnumerable<CalendarEvent> OfMonthAsync(
        TenantScope scope, DateTimeOffset month, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var prefix = IndexText.Time(month)[..MonthLength];
        Cursor? after = null;
        do
        {
            var page = await scope.Records.ListAsync(
                SyncKinds.CalendarEvent, EventMirror.ByStart, prefix, ListOrder.Ascending, PageSize, after, cancellation);
            foreach (var stored in page.Items)
            {
                yield return stored.Value;
            }

            after = page.Next;
        }
        while (after is not null);
    }

    private static KnownEvent Known(CalendarEvent item, DateTimeOffset start, DateTimeOffset end) => new(
        item.Connection,
        item.SourceId,
        item.Version,
        item.Summary,
        item.Location,
        start,
        end,
        WholeDay: item.Start!.Day is not null,
        item.Free,
        Tentative: item.Status == EventStatus.Tentative,
        [.. item.Attendees.Select(static person => person.Address).OfType<EmailAddress>()]);
}

/// <summary>Something in the practice's calendar.</summary>
/// <param name="SourceId">The provider's id.</param>
/// <param name="Version">The provider's ETag, for a guarded change.</param>
/// <param name="Free">It is in the calendar and takes up no time.</param>
/// <param name="Attendees">Whoever of them has a mail address.</param>
internal sealed record KnownEvent(
    ConnectionId Connection,
    string SourceId,
    string Version,
    string Summary,
    string Location,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    bool WholeDay,
    bool Free,
    bool Tentative,
    IReadOnlyList<EmailAddress> Attendees);
