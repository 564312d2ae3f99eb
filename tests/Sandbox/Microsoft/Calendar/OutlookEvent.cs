using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Microsoft.Calendar;

/// <summary>
/// One entry of the calendar: a single event, the master of a series, or an exception from one. Its words are kept as
/// the API writes them; its times as instants, with the zone they were given in.
/// </summary>
internal sealed class OutlookEvent(ItemKey key, string iCalUid)
{
    public ItemKey Key => key;

    public string ICalUid => iCalUid;

    /// <summary>Everything a client may set, but the times.</summary>
    public JsonObject Words { get; set; } = [];

    public required DateTimeOffset Start { get; set; }

    public required DateTimeOffset End { get; set; }

    public required TimeZoneInfo Zone { get; set; }

    public string? TransactionKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ModifiedAt { get; set; }

    public long Revision { get; set; }

    public long CreatedRevision { get; init; }

    /// <summary>Of an exception: its series, and when the occurrence would have begun.</summary>
    public OutlookEvent? Master { get; init; }

    public DateTimeOffset OriginalStart { get; init; }

    /// <summary>Of a master: occurrences that differ, or null for those called off, by original start.</summary>
    public Dictionary<DateTimeOffset, OutlookEvent?> Exceptions { get; } = [];

    public JsonObject? Recurrence => Words["recurrence"] as JsonObject;

    public string Type => Recurrence is not null ? "seriesMaster" : Master is not null ? "exception" : "singleInstance";

    public string ChangeKey => OutlookAccount.ChangeKeyOf(Revision);

    public string ETag => OutlookAccount.ETagOf(ChangeKey);

    public bool Overlaps(DateTimeOffset from, DateTimeOffset to) => Start < to && End > from;
}

/// <summary>An occurrence of a series that nobody touched: it has an id, and otherwise is its master at another time.</summary>
internal sealed record OutlookOccurrence(OutlookEvent Master, ItemKey Key, DateTimeOffset Start)
{
    public DateTimeOffset End => Start + (Master.End - Master.Start);
}

/// <summary>What went from the calendar, and when it would have been.</summary>
internal sealed record EventLoss(long Revision, ItemKey Key, DateTimeOffset Start, DateTimeOffset End);
