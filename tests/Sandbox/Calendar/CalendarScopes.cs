namespace PracticPro.Sandbox.Calendar;

/// <summary>
/// Which scope opens which method. To write events is not to list calendars: calendar.events opens no calendarList.
/// Source: discovery document of Calendar v3.
/// </summary>
internal static class CalendarScopes
{
    private const string Prefix = "https://www.googleapis.com/auth/";

    public const string Full = Prefix + "calendar";
    public const string Readonly = Prefix + "calendar.readonly";
    public const string Events = Prefix + "calendar.events";
    public const string EventsReadonly = Prefix + "calendar.events.readonly";
    public const string ListOnly = Prefix + "calendar.calendarlist";
    public const string ListReadonly = Prefix + "calendar.calendarlist.readonly";

    public static readonly string[] ReadEvents = [Full, Readonly, Events, EventsReadonly];
    public static readonly string[] WriteEvents = [Full, Events];
    public static readonly string[] ReadList = [Full, Readonly, ListOnly, ListReadonly];

    public static readonly string[] All = [Full, Readonly, Events, EventsReadonly, ListOnly, ListReadonly];
}
