namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>Section <c>Azure:Cosmos</c>: the account that holds the records. No key: the program signs in as itself.</summary>
internal sealed record CosmosOptions
{
    /// <summary>The account's endpoint, <c>https://NAME.documents.azure.com</c>. Empty: records are not in Cosmos DB.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>The database that holds the fleet and the shared home of tenants.</summary>
    public string Database { get; init; } = "practicpro";

    /// <summary>What the database of a tenant with one of its own begins with; the tenant's id follows.</summary>
    public string DedicatedPrefix { get; init; } = "practicpro-";

    /// <summary>
    /// Speaks to the replicas themselves, which is quicker, over sockets the SDK opens by itself. Off: everything goes
    /// through the account's gateway and the program's own door. Not for an endpoint on this machine.
    /// </summary>
    public bool Direct { get; init; }

    /// <summary>The Azure region the program runs in, as the portal writes it; reads and writes go there. Empty: the account's first.</summary>
    public string Region { get; init; } = "";

    /// <summary>Makes databases and containers that are missing. For development and stand-ins: a role for data may not.</summary>
    public bool CreateMissing { get; init; }

    /// <summary>How long one request may be silent before it is asked again. 100 ms – 1 min; the service itself stops at 5 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one call waits in all when the service asks to slow down. 0 – 1 min.</summary>
    public TimeSpan MaxThrottleWait { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a process believes where a tenant lives without looking again; a move waits for it. 0 – 10 min.
    /// </summary>
    public TimeSpan PlacementLifetime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a writer waits for a tenant that is changing its home. 0 – 5 min.</summary>
    public TimeSpan MoveWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a move waits after it shut a home, until every batch that was under way has ended. The service ends one
    /// after 5 s, so anything less is for stand-ins. 0 – 1 min.
    /// </summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How long the records in the old home are kept after a move. 0 – 1 day.</summary>
    public TimeSpan PurgeAfter { get; init; } = TimeSpan.FromMinutes(5);

    public bool IsSet => Endpoint.Length > 0;

    public Uri Home => new(Endpoint);

    /// <summary>What is wrong, a sentence each.</summary>
    public IEnumerable<string> Errors()
    {
        if (!IsSet)
        {
            return [];
        }

        var isUri = Uri.TryCreate(Endpoint, UriKind.Absolute, out var home) && home.Scheme == Uri.UriSchemeHttps && home.Query.Length == 0;
        (bool Holds, string Error)[] checks =
        [
            (isUri, "Azure:Cosmos:Endpoint must be an https address without a query."),
            (IsName(Database), "Azure:Cosmos:Database is 1–60 letters, digits and hyphens."),
            (IsName(DedicatedPrefix), "Azure:Cosmos:DedicatedPrefix is 1–60 letters, digits and hyphens."),
            (!(Direct && isUri && home!.IsLoopback), "Azure:Cosmos:Direct is not for an endpoint on this machine."),
            (Within(Patience, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)), "Azure:Cosmos:Patience is 0.1–60 seconds."),
            (Within(MaxThrottleWait, TimeSpan.Zero, TimeSpan.FromMinutes(1)), "Azure:Cosmos:MaxThrottleWait is 0–60 seconds."),
            (Within(PlacementLifetime, TimeSpan.Zero, TimeSpan.FromMinutes(10)), "Azure:Cosmos:PlacementLifetime is 0–10 minutes."),
            (Within(MoveWait, TimeSpan.Zero, TimeSpan.FromMinutes(5)), "Azure:Cosmos:MoveWait is 0–5 minutes."),
            (Within(SettleTime, TimeSpan.Zero, TimeSpan.FromMinutes(1)), "Azure:Cosmos:SettleTime is 0–60 seconds."),
            (Within(PurgeAfter, TimeSpan.Zero, TimeSpan.FromDays(1)), "Azure:Cosmos:PurgeAfter is 0–24 hours."),
        ];
        return checks.Where(static check => !check.Holds).Select(static check => check.Error);
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= 60 && text.All(static symbol => char.IsAsciiLetterOrDigit(symbol) || symbol == '-');

    private static bool Within(TimeSpan value, TimeSpan least, TimeSpan most) => value >= least && value <= most;
}
