namespace PracticPro.Egress;

/// <summary>
/// Google Calendar as a processor. Every write is a whole call: which event, by which version, and who is told of it are
/// approved together with what it says.
/// </summary>
internal static class GoogleCalendarServices
{
    private const string Events = "/calendar/v3/calendars/{0}/events";

    public static readonly ProviderOperation ListEvents = ProviderOperation.Read("calendar-events-list", Events);
    public static readonly ProviderOperation GetEvent = ProviderOperation.Read("calendar-events-get", Events + "/{1}");
    public static readonly ProviderOperation WatchEvents = ProviderOperation.Watch("calendar-events-watch", Events + "/watch");
    public static readonly ProviderOperation StopChannel = ProviderOperation.Watch("calendar-channels-stop", "/calendar/v3/channels/stop");

    public static readonly ProviderOperation InsertEvent =
        ProviderOperation.WriteWhole("calendar-events-insert", HttpMethod.Post, Events);

    public static readonly ProviderOperation PatchEvent =
        ProviderOperation.WriteWhole("calendar-events-patch", HttpMethod.Patch, Events + "/{1}");

    public static readonly ProviderOperation DeleteEvent =
        ProviderOperation.WriteWhole("calendar-events-delete", HttpMethod.Delete, Events + "/{1}");

    public static readonly Processor Calendar = new(
        "google-calendar",
        new Uri("https://www.googleapis.com"),
        "Reads the practice's appointments; makes, changes and cancels those a person approved.",
        [ListEvents, GetEvent, WatchEvents, StopChannel, InsertEvent, PatchEvent, DeleteEvent]);
}
