using PracticPro.Sync.Published;

namespace PracticPro.Approvals;

/// <summary>Gate 3, for events: a time there is, and what a person should know before it happens.</summary>
internal static class EventRules
{
    private const int LongestLocation = 500;
    private static readonly TimeSpan LongestEvent = TimeSpan.FromDays(31);

    public static IEnumerable<GateReason> Reasons(OutgoingEvent one, DateTimeOffset now)
    {
        if (one.Shown.Location.Length > LongestLocation)
        {
            yield return new("length", Verdict.Refuse, "The place is too long.");
        }

        foreach (var reason in one.After is { } after ? OfTime(after.When, now) : [])
        {
            yield return reason;
        }

        if (one.IsSeries)
        {
            yield return new("whole-series", Verdict.Confirm, "It repeats: every one of its repetitions is concerned.");
        }

        if (!one.Order.TellGuests && one.Recipients.Any())
        {
            yield return new("guests-not-told", Verdict.Confirm, "The guests are not told about it.");
        }
    }

    private static IEnumerable<GateReason> OfTime(EventSpan when, DateTimeOffset now)
    {
        var span = when switch
        {
            EventSpan.Timed timed => timed.Instants(),
            EventSpan.AllDay days => (At(days.First), At(days.Last).AddDays(1)),
            _ => null,
        };
        if (span is not { } known)
        {
            yield return new("no-such-time", Verdict.Refuse, "There is no such time zone, or its clocks never show that time. Choose another.");
            yield break;
        }

        if (known.End <= known.Start || known.End - known.Start > LongestEvent)
        {
            yield return new("event-span", Verdict.Refuse, "It ends before it begins, or lasts more than a month.");
        }

        if (known.End < now)
        {
            yield return new("event-in-the-past", Verdict.Confirm, "It lies in the past.");
        }

        if (when is EventSpan.Timed { } clock && ComesTwice(clock))
        {
            yield return new("time-twice", Verdict.Confirm, "The clocks are set back then and show that time twice. Say in the text which is meant.");
        }
    }

    private static bool ComesTwice(EventSpan.Timed timed) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(timed.Zone, out var zone)
        && (zone.IsAmbiguousTime(timed.Start) || zone.IsAmbiguousTime(timed.End));

    private static DateTimeOffset At(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
