namespace PracticPro.Sandbox.Calendar;

/// <summary>
/// All calendars. An account's first one is there as soon as somebody looks, with the account's address for an id. Ids
/// are compared without regard to case.
/// </summary>
internal sealed class CalendarDirectory(long seed, TimeProvider clock, ChannelCourier courier)
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, EventCalendar> _calendars = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Fills an account's first calendar when it is opened.</summary>
    public Action<EventCalendar>? Filling { get; init; }

    public IReadOnlyList<EventCalendar> Of(string owner)
    {
        Primary(owner);
        lock (_gate)
        {
            return [.. _calendars.Values.Where(
                calendar => calendar.Owner.Equals(owner, StringComparison.OrdinalIgnoreCase))];
        }
    }

    public EventCalendar Primary(string owner) => Open(owner, owner, owner);

    /// <summary>The account's calendar of that id, "primary" for its first; null when it has none such.</summary>
    public EventCalendar? Find(string owner, string id)
    {
        EventCalendar primary = Primary(owner);
        if (id == "primary")
        {
            return primary;
        }

        lock (_gate)
        {
            return _calendars.TryGetValue(id, out EventCalendar? calendar) && calendar.Owner == primary.Owner
                ? calendar
                : null;
        }
    }

    public EventCalendar Open(string owner, string id, string summary)
    {
        lock (_gate)
        {
            if (!_calendars.TryGetValue(id, out EventCalendar? calendar))
            {
                calendar = new EventCalendar(owner, id, summary, seed, clock) { Changed = courier.CalendarChanged };
                _calendars.Add(id, calendar);
                if (calendar.IsPrimary)
                {
                    Filling?.Invoke(calendar);
                }
            }

            return calendar;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _calendars.Clear();
        }
    }
}
