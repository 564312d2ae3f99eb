using System.Collections.Immutable;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.GoogleCalendar;

/// <summary>Google Calendar as a connector: one account, its primary calendar, one stream.</summary>
internal sealed class GoogleCalendarConnector(GoogleCalendars calendars, CalendarChannels channels) : IConnector
{
    /// <summary>
    /// Events, and nothing of the account besides: neither its list of calendars nor its settings. There is no scope that
    /// reads events and writes only approved ones: that nothing is written without approval is kept by the egress door.
    /// </summary>
    public const string EventsScope = "https://www.googleapis.com/auth/calendar.events";

    public static readonly Provider Name = Provider.Parse("google-calendar");
    public static readonly StreamName Primary = StreamName.Parse("primary");

    public Provider Provider => Name;

    public string Title => "Google Calendar";

    /// <summary>Offline access, and consent asked each time, or no refresh token comes back.</summary>
    public OAuthTerms Terms { get; } = new(
        GoogleServices.Consent,
        "/o/oauth2/v2/auth",
        GoogleServices.Grants,
        GoogleServices.Exchange,
        GoogleCalendarServices.Calendar,
        new ScopeList([EventsScope], [EventsScope])
        {
            ForWriting = [EventsScope],
            InWords = ImmutableDictionary<string, string>.Empty.Add(EventsScope, "View and edit events on all your calendars"),
        })
    {
        ConsentQuery = [new("access_type", "offline"), new("prompt", "consent")],
        Revocation = new Revocation(GoogleServices.Grants, GoogleServices.Revoke),
        RevocationEndsAll = true,
        ConsentsPage = new Uri("https://myaccount.google.com/connections"),
    };

    public IChannels? Channels => channels;

    /// <summary>
    /// The scope opens no profile: the account is told by its own part in an event, or in an empty calendar by the
    /// calendar's name, which is the address until its owner gives it another.
    /// </summary>
    public async Task<Outcome<ConnectedAccount>> IdentifyAsync(
        IAccessTokens tokens, IReadOnlyDictionary<string, string> callback, CancellationToken cancellation)
    {
        var access = await tokens.CurrentAsync(cancellation);
        if (!access.Try(out var token, out var why))
        {
            return why;
        }

        var account = calendars.Of(token.Owner, connection: null, tokens, CallPriority.Interactive);
        var outcome = await account.OwnerAsync(cancellation);
        if (!outcome.Try(out var list, out why))
        {
            return why;
        }

        var named = (list.Items ?? [])
            .SelectMany(static shape => new[] { shape.Organizer, shape.Creator })
            .Where(static person => person is { Self: true })
            .Select(static person => person!.Email)
            .Append(list.Summary);
        foreach (var name in named)
        {
            if (EmailAddress.TryParse(name ?? "", out var address))
            {
                return new ConnectedAccount(address.Normalised, address.Text);
            }
        }

        return new SyncFailures.AnswerMalformed();
    }

    public Task<Outcome<ImmutableArray<StreamName>>> StreamsAsync(ConnectorScope scope, CancellationToken cancellation) =>
        Task.FromResult(new Outcome<ImmutableArray<StreamName>>([Primary]));

    public IStreamSource Source(ConnectorScope scope, StreamName stream) =>
        new CalendarSource(scope.Connection.Id, stream, priority => calendars.Of(scope, priority));
}
