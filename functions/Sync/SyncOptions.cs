using PracticPro.Kernel;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;

namespace PracticPro.Sync;

/// <summary>Settings of keeping in step, section <c>Sync</c>.</summary>
internal sealed class SyncOptions
{
    /// <summary>Client id of the program at Google.</summary>
    public string GoogleClientId { get; init; } = "";

    /// <summary>Its secret. By a file or the environment: a command line is seen by every user of the machine.</summary>
    public SecretText GoogleClientSecret { get; init; } = SecretText.Empty;

    /// <summary>Where Google sends the browser back to: <c>https://host/connect/google/callback</c>.</summary>
    public Uri? RedirectUri { get; init; }

    /// <summary>
    /// The program at each provider, by its name. Google's connectors that are not named here use
    /// <see cref="GoogleClientId"/> and its fellows.
    /// </summary>
    public Dictionary<string, ProviderClient> Clients { get; init; } = [];

    /// <summary>
    /// Where the program is reached from outside: <c>https://host</c>. Notifications of each provider then come to
    /// <c>/webhooks/{provider}</c> there, unless its client names a <see cref="ProviderClient.WebhookAddress"/> of its own.
    /// </summary>
    public Uri? WebhookBaseUri { get; init; }

    /// <summary>Pub/Sub topic that Gmail tells of changes; empty: polling alone keeps the mailbox in step.</summary>
    public string PushTopic { get; init; } = "";

    /// <summary>Audience a push token must name.</summary>
    public string PushAudience { get; init; } = "";

    /// <summary>Mail address of the service account that signs pushes. Anybody can get a Google-signed token; only this one is ours.</summary>
    public string PushServiceAccount { get; init; } = "";

    /// <summary>Longest time without looking, pushes or not. Default 5 minutes; 1 s – 1 h.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// From one look that is done to the next that a notification leads to, so that many that come in a row are seen to by one.
    /// The first after a while is followed at once. Default 500 ms; 0–1 min.
    /// </summary>
    public TimeSpan BetweenLooks { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Gmail quota units a minute a mailbox. Default 6,000; 600–15,000,000.</summary>
    public int UnitsPerMinute { get; init; } = 6_000;

    /// <summary>The same for the program as a whole. Default 1,200,000; 6,000–1,500,000,000.</summary>
    public int ProjectUnitsPerMinute { get; init; } = 1_200_000;

    /// <summary>
    /// Processes of the program that run side by side; each takes an even part of what a provider allows. Default 1; 1–100.
    /// </summary>
    public int Processes { get; init; } = 1;

    /// <summary>
    /// Exchanges with Gmail at the same time a mailbox. Default 8; 1–40. With batches fewer: never more than about 50 messages
    /// at once.
    /// </summary>
    public int ParallelReads { get; init; } = 8;

    /// <summary>
    /// Messages asked about in one exchange with Gmail. Fewer where the budget is small or the mailbox is slowed. Default 25;
    /// 1–50, which is as many as Google recommends; 1: each goes alone.
    /// </summary>
    public int BatchSize { get; init; } = 25;

    /// <summary>
    /// Messages listed a page, and so between two saved steps of progress. Default 250, which Gmail's quota lets through in
    /// about a minute; 1–500.
    /// </summary>
    public int PageSize { get; init; } = 250;

    /// <summary>How long the answers that a sync followed from are kept, for replays. Default 5 days; 1 hour – 30 days.</summary>
    public TimeSpan JournalKept { get; init; } = TimeSpan.FromDays(5);

    /// <summary>
    /// Secrets of the notification destination at Paddle: one, two while it is being replaced, none where nothing is sold. By a
    /// file or the environment.
    /// </summary>
    public IReadOnlyList<SecretText> PaddleSecrets { get; init; } = [];

    /// <summary>How far a signature of Paddle's may be from now, either way. Default 5 s, which wants a good clock; 1 s – 10 min.</summary>
    public TimeSpan PaddleTolerance { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Calls a second a company at QuickBooks. Default 10, which is what Intuit allows; 1–10,000.</summary>
    public int QuickBooksCallsPerSecond { get; init; } = 10;

    /// <summary>Calls a minute a company at QuickBooks. Default 500, which is what Intuit allows; 10–100,000.</summary>
    public int QuickBooksCallsPerMinute { get; init; } = 500;

    /// <summary>Calls a month at QuickBooks, all practices together. Default 500,000, as in the Builder tier; 1,000–1,000,000,000.</summary>
    public int QuickBooksCallsPerMonth { get; init; } = 500_000;

    /// <param name="isGoogle">It may use what is set for Google as a whole.</param>
    public ProviderClient ClientOf(Provider provider, bool isGoogle) =>
        Clients.GetValueOrDefault(provider.Text) is { Id.Length: > 0 } own
            ? own
            : isGoogle
                ? new ProviderClient
                {
                    Id = GoogleClientId,
                    Secret = GoogleClientSecret,
                    RedirectUri = RedirectUri,
                }
                : new ProviderClient();

    /// <summary>Where notifications of a provider are to go; null where nobody said so, and polling alone keeps in step.</summary>
    public Uri? WebhookAddressOf(Provider provider) =>
        Clients.GetValueOrDefault(provider.Text)?.WebhookAddress
        ?? (WebhookBaseUri is { } home ? new Uri(home, $"/webhooks/{provider}") : null);

    public IEnumerable<string> Errors()
    {
        foreach (var (name, client) in Clients)
        {
            if (!Provider.TryParse(name, out _))
            {
                yield return $"Sync:Clients:{name} is not the name of a provider: 2 to 30 lower-case letters, digits and hyphens.";
            }

            if (client.Id.Length > 0 && client.RedirectUri is not { IsAbsoluteUri: true })
            {
                yield return $"Sync:Clients:{name}:RedirectUri must be an absolute address when Sync:Clients:{name}:Id is set.";
            }

            if (client.WebhookAddress is { } address && !IsSafe(address))
            {
                yield return $"Sync:Clients:{name}:WebhookAddress must be an https address.";
            }
        }

        if (WebhookBaseUri is { } home && !(IsSafe(home) && home.UserInfo.Length == 0 && home.PathAndQuery == "/" && home.Fragment.Length == 0))
        {
            yield return "Sync:WebhookBaseUri must be https and a host, and nothing after it: https://practice.example.";
        }

        if (JournalKept < TimeSpan.FromHours(1) || JournalKept > TimeSpan.FromDays(30))
        {
            yield return "Sync:JournalKept must be between 1 hour and 30 days.";
        }

        if (PollInterval < TimeSpan.FromSeconds(1) || PollInterval > TimeSpan.FromHours(1))
        {
            yield return "Sync:PollInterval must be between 1 second and 1 hour.";
        }

        if (BetweenLooks < TimeSpan.Zero || BetweenLooks > TimeSpan.FromMinutes(1))
        {
            yield return "Sync:BetweenLooks must be between 0 and 1 minute.";
        }

        if (UnitsPerMinute is < 600 or > 15_000_000)
        {
            yield return "Sync:UnitsPerMinute must be between 600 and 15,000,000.";
        }

        if (ProjectUnitsPerMinute is < 6_000 or > 1_500_000_000)
        {
            yield return "Sync:ProjectUnitsPerMinute must be between 6,000 and 1,500,000,000.";
        }

        if (Processes is < 1 or > 100)
        {
            yield return "Sync:Processes must be between 1 and 100.";
        }

        if (ParallelReads is < 1 or > 40)
        {
            yield return "Sync:ParallelReads must be between 1 and 40.";
        }

        if (BatchSize is < 1 or > 50)
        {
            yield return "Sync:BatchSize must be between 1 and 50.";
        }

        if (QuickBooksCallsPerSecond is < 1 or > 10_000 || QuickBooksCallsPerMinute is < 10 or > 100_000)
        {
            yield return "Sync:QuickBooksCallsPerSecond must be between 1 and 10,000, Sync:QuickBooksCallsPerMinute between 10 and 100,000.";
        }

        if (QuickBooksCallsPerMonth is < 1_000 or > 1_000_000_000)
        {
            yield return "Sync:QuickBooksCallsPerMonth must be between 1,000 and 1,000,000,000.";
        }

        if (PaddleTolerance < TimeSpan.FromSeconds(1) || PaddleTolerance > TimeSpan.FromMinutes(10))
        {
            yield return "Sync:PaddleTolerance must be between 1 second and 10 minutes.";
        }

        if (PageSize is < 1 or > 500)
        {
            yield return "Sync:PageSize must be between 1 and 500.";
        }

        if (PushTopic.Length > 0 && (PushAudience.Length == 0 || !EmailAddress.TryParse(PushServiceAccount, out _)))
        {
            yield return "Sync:PushTopic needs Sync:PushAudience and Sync:PushServiceAccount, or a push could not be verified.";
        }
    }

    /// <summary>Nobody on the way can read it.</summary>
    private static bool IsSafe(Uri address) =>
        address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
}
