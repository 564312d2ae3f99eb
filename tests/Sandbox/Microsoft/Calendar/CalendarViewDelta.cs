using PracticPro.Sandbox.Microsoft.Graph;

namespace PracticPro.Sandbox.Microsoft.Calendar;

/// <summary>
/// Changes within a span of time that is fixed in the token: single events and exceptions in full, a series as its
/// master and, beside it, its occurrences in few words.
/// </summary>
internal static class CalendarViewDelta
{
    private const int LastOfSeries = int.MaxValue - 1;

    private static readonly string[] Refused = ["$filter", "$orderby", "$search", "$select", "$expand"];

    public static GraphAnswer Run(GraphCall call)
    {
        if (Refused.FirstOrDefault(name => call.Query(name) is not null) is string refused)
        {
            return GraphError.BadRequest($"The query option '{refused}' is not supported.");
        }

        bool hasToken = call.Query("$skiptoken") is not null || call.Query("$deltatoken") is not null;
        (DateTimeOffset From, DateTimeOffset To)? window = EventMethods.Window(call);
        if (window is null && !hasToken)
        {
            return GraphError.InvalidRequest("startDateTime and endDateTime are required.");
        }

        var first = new DeltaState("calendarView", 0, 0, 0) { Window = window ?? default };
        return DeltaRound.Answer(call, first, state => Entries(call, state));
    }

    private static IEnumerable<DeltaEntry> Entries(GraphCall call, DeltaState state)
    {
        (DateTimeOffset from, DateTimeOffset to) = state.Window;
        IEnumerable<DeltaEntry> live = call.Account.Calendar.Events
            .Where(one => one.Revision >= state.After && one.Revision <= state.UpTo)
            .SelectMany(one => Told(call, one, state));
        IEnumerable<DeltaEntry> lost = call.Account.Calendar.Losses
            .Where(loss => state.Since > 0 && loss.Revision > state.After && loss.Revision <= state.UpTo
                && loss.Start < to && loss.End > from)
            .Select(loss => DeltaEntry.Removed(loss.Revision, call.IdOf(loss.Key), "deleted"));
        return live.Concat(lost).OrderBy(entry => entry.Revision).ThenBy(entry => entry.Ordinal);
    }

    private static IEnumerable<DeltaEntry> Told(GraphCall call, OutlookEvent one, DeltaState state)
    {
        (DateTimeOffset from, DateTimeOffset to) = state.Window;
        if (one.Recurrence is null)
        {
            return one.Overlaps(from, to) ? [new DeltaEntry(one.Revision, false, () => EventJson.Write(call, one))]
                : state.Since > 0 ? [DeltaEntry.Removed(one.Revision, call.IdOf(one.Key), "deleted")]
                : [];
        }

        OutlookOccurrence[] inside = [.. call.Account.Calendar
            .Occurrences(one, from - (one.End - one.Start), to).Where(occurrence => occurrence.End > from)];
        bool isSeen = inside.Length > 0
            || one.Exceptions.Values.Any(exception => exception?.Overlaps(from, to) == true);
        return isSeen
            ? [
                new DeltaEntry(one.Revision, false, () => EventJson.Write(call, one))
                {
                    Ordinal = call.Account.Settings.SeriesLast ? LastOfSeries : 0,
                },
                .. inside.Select(occurrence => new DeltaEntry(
                    one.Revision, false, () => EventJson.Brief(call, occurrence)) { Ordinal = PlaceOf(occurrence) }),
            ]
            : [];
    }

    // By its day, not by how many are before it: one that is called off between two pages moves no other.
    private static int PlaceOf(OutlookOccurrence occurrence) => 1 + (int)(occurrence.Start - occurrence.Master.Start).TotalMinutes;
}
