using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Calendar;

/// <summary>A message that a change made Google send to guests.</summary>
internal sealed record GuestMail(string EventId, string Verb, string SendUpdates);

/// <summary>
/// One calendar: its events, its changes in order, who watches. Every change is one step with one notification. Nothing
/// here locks by itself: callers hold <see cref="Gate"/> around a whole request.
/// </summary>
internal sealed class EventCalendar
{
    private readonly Dictionary<string, StoredEvent> _events = new(StringComparer.Ordinal);

    public EventCalendar(string owner, string id, string summary, long seed, TimeProvider clock)
    {
        Owner = owner;
        Id = id;
        Summary = summary;
        Clock = clock;
        Made = new Seeded(seed, "calendar " + id.ToLowerInvariant());
        ResourceId = Made.For("resource").Token(20);
    }

    public Lock Gate { get; } = new();

    /// <summary>The account; its first calendar has the account's address for an id.</summary>
    public string Owner { get; }

    public string Id { get; }

    public string Summary { get; }

    public string Zone { get; init; } = Practice.PracticeBook.Zone;

    public TimeProvider Clock { get; }

    public Seeded Made { get; }

    /// <summary>Names the calendar's events in notifications; the same for every channel.</summary>
    public string ResourceId { get; }

    /// <summary>The newest change.</summary>
    public long Current { get; private set; }

    /// <summary>Sync tokens from before this change are expired.</summary>
    public long Oldest { get; private set; }

    /// <summary>Most events on a page whatever is asked for; pages may always be short.</summary>
    public int LargestPage { get; set; } = 2_500;

    /// <summary>How many empty pages stand before the first event of each listing.</summary>
    public int EmptyPages { get; set; }

    public List<GuestMail> GuestMails { get; } = [];

    /// <summary>Told after each change, inside the lock.</summary>
    public Action<EventCalendar>? Changed { get; init; }

    /// <summary>By id; deleted ones too.</summary>
    public IEnumerable<StoredEvent> All => _events.Values.OrderBy(kept => kept.Id, StringComparer.Ordinal);

    public bool IsPrimary => Id == Owner;

    public StoredEvent? Find(string id) => _events.GetValueOrDefault(id);

    /// <summary>Files an event, without a word to anyone when it was <paramref name="alwaysThere"/>.</summary>
    public StoredEvent Add(StoredEvent added, bool alwaysThere = false)
    {
        _events.Add(added.Id, added);
        added.Change = ++Current;
        added.UpdatedAt = alwaysThere ? added.CreatedAt : Clock.GetUtcNow();
        if (!alwaysThere)
        {
            Changed?.Invoke(this);
        }

        return added;
    }

    public void Rewrite(StoredEvent kept, JsonObject written)
    {
        string[] timing = ["start", "end", "recurrence"];
        bool moved = Array.Exists(timing, name => !JsonNode.DeepEquals(kept.Written[name], written[name]));
        kept.Written = written;
        kept.Sequence += moved ? 1 : 0;
        Touch(kept);
        Changed?.Invoke(this);
    }

    /// <summary>
    /// Deletes an event, or calls an occurrence off. With a series go its exceptions, each with a record of its own.
    /// </summary>
    public void Delete(StoredEvent kept, bool alwaysThere = false)
    {
        kept.IsDeleted = true;
        Touch(kept);
        foreach (StoredEvent exception in All.Where(other => other.SeriesId == kept.Id).ToArray())
        {
            exception.IsDeleted = true;
            Touch(exception);
        }

        if (!alwaysThere)
        {
            Changed?.Invoke(this);
        }
    }

    /// <summary>
    /// The event of that id. The id of an occurrence that is as its series says makes an exception out of it, not yet
    /// filed; whether the series really has such an occurrence is not looked at.
    /// </summary>
    public StoredEvent? FindOrMake(string id)
    {
        int cut = id.LastIndexOf('_');
        if (Find(id) is { } kept || cut < 0)
        {
            return Find(id);
        }

        return Find(id[..cut]) is { IsDeleted: false, IsRecurring: true } series
            ? Occurrence.Of(this, series, id[(cut + 1)..])
            : null;
    }

    /// <summary>Makes every sync token that was given out so far invalid.</summary>
    public void ExpireTokens() => Oldest = ++Current;

    private void Touch(StoredEvent kept)
    {
        kept.Change = ++Current;
        kept.UpdatedAt = Clock.GetUtcNow();
    }
}
