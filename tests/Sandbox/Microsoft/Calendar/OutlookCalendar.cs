using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Microsoft.Calendar;

/// <summary>The calendar of an account. Every change is one step with its revision and its notice.</summary>
internal sealed class OutlookCalendar(OutlookAccount account)
{
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(730);

    private readonly Dictionary<string, OutlookEvent> _events = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OutlookOccurrence> _occurrences = new(StringComparer.Ordinal);
    private readonly List<EventLoss> _losses = [];
    private readonly HashSet<string> _spentTransactions = new(StringComparer.Ordinal);

    public string Key { get; } = "AQMkADCal" + account.Made.For("calendar").Token(30) + "=";

    public IReadOnlyList<EventLoss> Losses => _losses;

    /// <summary>Without the occurrences that nobody touched.</summary>
    public IEnumerable<OutlookEvent> Events => _events.Values.Distinct();

    /// <summary>An event was made under it and is gone.</summary>
    public bool IsSpent(string transaction) => _spentTransactions.Contains(transaction);

    public OutlookEvent? Find(string? name) => name is null ? null : _events.GetValueOrDefault(name);

    /// <summary>An occurrence that was told before and is still one.</summary>
    public OutlookOccurrence? FindOccurrence(string? name) =>
        name is not null && _occurrences.TryGetValue(name, out OutlookOccurrence? occurrence)
        && Occurrences(occurrence.Master, occurrence.Start, occurrence.Start.AddSeconds(1)).Any()
            ? occurrence
            : null;

    /// <summary>Those of a series that begin in a span and are neither moved nor called off.</summary>
    public IEnumerable<OutlookOccurrence> Occurrences(OutlookEvent master, DateTimeOffset from, DateTimeOffset to)
    {
        if (master.Recurrence is null || Find(master.Key.Rest) is null)
        {
            yield break;
        }

        foreach (DateTimeOffset start in Recurrences.Starts(master, from, to)
            .Where(start => !master.Exceptions.ContainsKey(start)))
        {
            var occurrence = new OutlookOccurrence(master, KeyOf(master, start), start);
            _occurrences[occurrence.Key.Rest] = occurrence;
            _occurrences[occurrence.Key.Immutable] = occurrence;
            yield return occurrence;
        }
    }

    public OutlookEvent Add(
        JsonObject words, DateTimeOffset start, DateTimeOffset end, TimeZoneInfo zone, string? transaction)
    {
        long revision = account.NextRevision();
        ItemKey key = account.NewKey();
        var added = new OutlookEvent(
            key, "040000008200E00074C5B7101A82E008" + Convert.ToHexString(Encoding.ASCII.GetBytes(key.Immutable[..16])))
        {
            Words = words,
            Start = start,
            End = end,
            Zone = zone,
            TransactionKey = transaction,
            CreatedAt = account.Clock.GetUtcNow(),
            ModifiedAt = account.Clock.GetUtcNow(),
            CreatedRevision = revision,
            Revision = revision,
        };
        Keep(added);
        Tell("created", added);
        return added;
    }

    /// <summary>Occurrences that a new rule no longer has are lost.</summary>
    public void Change(OutlookEvent changed, Action<OutlookEvent> act)
    {
        OutlookOccurrence[] before = [.. Foreseen(changed)];
        act(changed);
        changed.Revision = account.NextRevision();
        changed.ModifiedAt = account.Clock.GetUtcNow();
        HashSet<ItemKey> after = [.. Foreseen(changed).Select(occurrence => occurrence.Key)];
        foreach (OutlookOccurrence gone in before.Where(occurrence => !after.Contains(occurrence.Key)))
        {
            _losses.Add(new EventLoss(account.NextRevision(), gone.Key, gone.Start, gone.End));
        }

        Tell("updated", changed);
    }

    /// <summary>Makes one occurrence differ from its series; it keeps its id.</summary>
    public OutlookEvent Except(OutlookOccurrence occurrence, Action<OutlookEvent> act)
    {
        OutlookEvent master = occurrence.Master;
        JsonObject words = master.Words.DeepClone().AsObject();
        words.Remove("recurrence");
        var exception = new OutlookEvent(occurrence.Key, master.ICalUid)
        {
            Words = words,
            Start = occurrence.Start,
            End = occurrence.End,
            Zone = master.Zone,
            CreatedAt = master.CreatedAt,
            Master = master,
            OriginalStart = occurrence.Start,
        };
        master.Exceptions[occurrence.Start] = exception;
        Keep(exception);
        Change(exception, act);
        return exception;
    }

    public void CallOff(OutlookOccurrence occurrence)
    {
        occurrence.Master.Exceptions[occurrence.Start] = null;
        _losses.Add(new EventLoss(account.NextRevision(), occurrence.Key, occurrence.Start, occurrence.End));
        account.Changed(account, new ItemChange("Event", "deleted", occurrence.Key, occurrence.Master.ETag, null));
    }

    /// <summary>A series goes with all its occurrences.</summary>
    public void Delete(OutlookEvent deleted)
    {
        OutlookOccurrence[] occurrences = [.. Foreseen(deleted)];
        _events.Remove(deleted.Key.Rest);
        _events.Remove(deleted.Key.Immutable);
        if (deleted.TransactionKey is string transaction)
        {
            _spentTransactions.Add(transaction);
        }

        foreach (OutlookOccurrence gone in occurrences)
        {
            _losses.Add(new EventLoss(account.NextRevision(), gone.Key, gone.Start, gone.End));
        }

        foreach (OutlookEvent exception in deleted.Exceptions.Values.OfType<OutlookEvent>())
        {
            Delete(exception);
        }

        if (deleted.Master is not null)
        {
            deleted.Master.Exceptions[deleted.OriginalStart] = null;
        }

        DateTimeOffset end = deleted.Recurrence is null ? deleted.End : DateTimeOffset.MaxValue;
        _losses.Add(new EventLoss(account.NextRevision(), deleted.Key, deleted.Start, end));
        Tell("deleted", deleted);
    }

    private void Keep(OutlookEvent kept)
    {
        _events[kept.Key.Rest] = kept;
        _events[kept.Key.Immutable] = kept;
    }

    private IEnumerable<OutlookOccurrence> Foreseen(OutlookEvent master)
    {
        DateTimeOffset now = account.Clock.GetUtcNow();
        return Occurrences(master, now - Horizon, now + Horizon);
    }

    private static ItemKey KeyOf(OutlookEvent master, DateTimeOffset start)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            $"{master.Key.Immutable} {start.UtcTicks}")));
        return new ItemKey($"AAMkOcc{hash[..40]}=", $"AAkAOcc{hash[24..]}=");
    }

    private void Tell(string changeType, OutlookEvent told) =>
        account.Changed(account, new ItemChange("Event", changeType, told.Key, told.ETag, null));
}
