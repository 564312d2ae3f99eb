using System.Collections.Concurrent;
using PracticPro.Egress;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.GoogleCalendar;

/// <summary>Opens connected calendars. Each keeps one pace, however often it is opened.</summary>
internal sealed class GoogleCalendars(EgressDoor door, TimeProvider time)
{
    /// <summary>Half of what Google allows one account (600 a minute): its owner uses other programs, too.</summary>
    private const int CallsPerMinute = 300;

    private readonly ConcurrentDictionary<ConnectionId, MailboxPace> paces = new();

    public CalendarAccount Of(ConnectorScope scope) => Of(scope.Connection.Id, scope.Tokens);

    public CalendarAccount Of(ConnectionId connection, IAccessTokens tokens) =>
        new(door, tokens, paces.GetOrAdd(connection, _ => NewPace()), time);

    /// <summary>By a grant that is not kept yet.</summary>
    public CalendarAccount With(IAccessTokens tokens) => new(door, tokens, NewPace(), time);

    private MailboxPace NewPace() => new(CallsPerMinute, time);
}
