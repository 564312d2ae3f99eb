using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using MailFolder = Microsoft.Graph.Models.MailFolder;
using User = Microsoft.Graph.Models.User;

namespace PracticPro.Sync.Outlook;

/// <summary>
/// Outlook as a connector: one account, a stream for each mail folder that is followed, and one for the main calendar.
/// </summary>
internal sealed class OutlookConnector(OutlookAccounts accounts, OutlookChannels channels, TimeProvider time) : IConnector
{
    public const string SendMailScope = "Mail.Send";
    public const string WriteEventsScope = "Calendars.ReadWrite";
    public const string WriteTasksScope = "Tasks.ReadWrite";

    public static readonly Provider Name = Provider.Parse("outlook");
    public static readonly StreamName Calendar = StreamName.Parse("calendar");

    /// <summary>
    /// Mail.ReadBasic opens envelopes and no body: with this grant nobody can read one, not even a thief (SYNC-2).
    /// </summary>
    private static readonly ImmutableArray<string> Scopes =
        ["User.Read", "Mail.ReadBasic", SendMailScope, WriteEventsScope, WriteTasksScope];

    /// <summary>AADSTS numbers of what is wrong with our own registration: a person who signs in again changes nothing.</summary>
    private static readonly ImmutableArray<int> OurOwnFault = [7000222, 7000215, 700016];

    public Provider Provider => Name;

    public string Title => "Outlook";

    /// <summary>
    /// Offline access, and consent asked each time, so that what is granted is what is asked. The answer lists neither
    /// offline_access nor the identity scopes reliably. There is no call that gives one grant back: the owner is told where.
    /// </summary>
    public OAuthTerms Terms { get; } = new(
        MicrosoftServices.Identity,
        "/common/oauth2/v2.0/authorize",
        MicrosoftServices.Identity,
        MicrosoftServices.Exchange,
        MicrosoftServices.Graph,
        new ScopeList([.. Scopes, "offline_access"], Scopes)
        {
            Home = "https://graph.microsoft.com/",
            Tolerated = ["openid", "profile", "email", "offline_access"],
            ForWriting = [SendMailScope, WriteEventsScope, WriteTasksScope],
            InWords = new Dictionary<string, string>
            {
                ["User.Read"] = "Sign you in and read your profile",
                ["Mail.ReadBasic"] = "Read your mail without the text of it",
                [SendMailScope] = "Send mail as you",
                [WriteEventsScope] = "Have full access to your calendars",
                [WriteTasksScope] = "Create, read, update and delete your tasks",
            }.ToImmutableDictionary(),
        })
    {
        ConsentQuery = [new("response_mode", "query"), new("prompt", "consent")],
        SaysDead = SaysDead,
        SaysOurFault = SaysOurFault,
        ConsentsPage = new Uri("https://myapps.microsoft.com"),
    };

    public IChannels? Channels => channels;

    public async Task<Outcome<ConnectedAccount>> IdentifyAsync(
        IAccessTokens tokens, IReadOnlyDictionary<string, string> callback, CancellationToken cancellation)
    {
        var access = await tokens.CurrentAsync(cancellation);
        if (!access.Try(out var token, out var why))
        {
            return why;
        }

        var outcome = await accounts.Of(token.Owner, connection: null, tokens, CallPriority.Interactive).MeAsync(cancellation);
        if (!outcome.Try(out var answer, out why)
            || !GraphReading.Read(answer.Body, User.CreateFromDiscriminatorValue).Try(out var user, out why))
        {
            return why;
        }

        foreach (var name in new[] { user.Mail, user.UserPrincipalName })
        {
            if (Kernel.EmailAddress.TryParse(name ?? "", out var address))
            {
                return new ConnectedAccount(address.Normalised, address.Text);
            }
        }

        return new SyncFailures.AnswerMalformed();
    }

    public async Task<Outcome<ImmutableArray<StreamName>>> StreamsAsync(ConnectorScope scope, CancellationToken cancellation)
    {
        var account = accounts.Of(scope, CallPriority.Following);
        var roles = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var name in FolderRole.ByWellKnownName.Keys.Concat(FolderRole.NotFollowed))
        {
            var outcome = await account.FolderAsync(name, cancellation);
            if (outcome.Failure is SyncFailures.Gone)
            {
                // Not every mailbox has each of them.
                continue;
            }

            if (!outcome.Try(out var answer, out var why)
                || !GraphReading.Read(answer.Body, MailFolder.CreateFromDiscriminatorValue).Try(out var folder, out why))
            {
                return why;
            }

            roles[folder.Id ?? ""] = FolderRole.ByWellKnownName.GetValueOrDefault(name);
        }

        var streams = ImmutableArray.CreateBuilder<StreamName>();
        streams.Add(Calendar);
        string? query = null;
        do
        {
            var outcome = await account.FoldersAsync(query, cancellation);
            if (!outcome.Try(out var answer, out var why)
                || !GraphReading.ReadPage(answer.Body, MailFolder.CreateFromDiscriminatorValue).Try(out var page, out why))
            {
                return why;
            }

            foreach (var folder in page.Items.Where(static item => !item.Removed).Select(static item => item.Id).Distinct())
            {
                if (!roles.TryGetValue(folder, out var role))
                {
                    streams.Add(FolderRole.Stream(FolderRole.Other, folder));
                }
                else if (role is not null)
                {
                    streams.Add(FolderRole.Stream(role, folder));
                }
            }

            query = page.Next;
        }
        while (query is not null);
        return streams.Distinct().ToImmutableArray();
    }

    public IStreamSource Source(ConnectorScope scope, StreamName stream) => stream == Calendar
        ? new OutlookCalendarSource(scope.Connection.Id, stream, priority => accounts.Of(scope, priority), time)
        : new OutlookMailSource(scope.Connection, stream, priority => accounts.Of(scope, priority));

    /// <summary>
    /// "invalid_grant" and "interaction_required" want a person; what is wrong with our own registration does not, and a
    /// passing trouble never.
    /// </summary>
    private static bool SaysDead(JsonElement error) =>
        error.ValueKind == JsonValueKind.Object
        && error.TryGetProperty("error", out var code)
        && code.ValueKind == JsonValueKind.String
        && (code.ValueEquals("invalid_grant") || code.ValueEquals("interaction_required") || code.ValueEquals("consent_required"))
        && !NumbersOf(error).Any(OurOwnFault.Contains);

    private static bool SaysOurFault(JsonElement error) =>
        error.ValueKind == JsonValueKind.Object
        && (NumbersOf(error).Any(OurOwnFault.Contains)
            || (error.TryGetProperty("error", out var code)
                && code.ValueKind == JsonValueKind.String
                && (code.ValueEquals("invalid_client") || code.ValueEquals("unauthorized_client"))));

    private static IEnumerable<int> NumbersOf(JsonElement error) =>
        error.TryGetProperty("error_codes", out var codes) && codes.ValueKind == JsonValueKind.Array
            ? codes.EnumerateArray().Where(static one => one.ValueKind == JsonValueKind.Number).Select(static one => one.GetInt32())
            : [];
}
