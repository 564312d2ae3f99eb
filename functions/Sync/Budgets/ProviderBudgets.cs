namespace PracticPro.Sync.Budgets;

/// <summary>The budgets of the providers there are.</summary>
internal static class ProviderBudgets
{
    /// <summary>Calls at once a mailbox: about as many are borne, those in batches counted each. No page of Google's says so.</summary>
    public const int MostAtGmail = 50;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Calls. Source: Google Calendar API, "Manage quotas": 600 a minute a user, 10,000 a minute a project.</summary>
    public static ProviderBudget Calendar { get; } = new("google-calendar", [new(600, Minute)], [new(10_000, Minute)]);

    /// <summary>
    /// Calls; every one reads, and so counts as "CorePlus". Source: QuickBooks Online, "Limits and throttles": 10 a second
    /// and 500 a minute a company; Builder tier: 500,000 CorePlus calls a month a workspace;
    /// other tiers have others, so all three are settings.
    /// </summary>
    public static ProviderBudget QuickBooks(SyncOptions options) =>
        new("quickbooks", [new(options.QuickBooksCallsPerSecond, Second), new(options.QuickBooksCallsPerMinute, Minute)], [])
        {
            AtOnce = 10,
            Monthly = options.QuickBooksCallsPerMonth,
        };

    /// <summary>
    /// Calls. Source: Microsoft Graph, "Throttling limits", Outlook: 10,000 in ten minutes and 4 at once an app and mailbox;
    /// 130,000 in ten seconds an app over all of Graph.
    /// </summary>
    public static ProviderBudget Graph { get; } =
        new("microsoft-graph", [new(10_000, TimeSpan.FromMinutes(10))], [new(130_000, TimeSpan.FromSeconds(10))]) { AtOnce = 4 };

    /// <summary>
    /// Quota units (<see cref="GmailUnits"/>). Source: Gmail API, "Usage limits" of 2026-05-01: 6,000 a minute a user and
    /// 1,200,000 a minute a project, both settings here since older projects have others.
    /// </summary>
    public static ProviderBudget Gmail(SyncOptions options) =>
        new("gmail", [new(options.UnitsPerMinute, Minute)], [new(options.ProjectUnitsPerMinute, Minute)]) { AtOnce = MostAtGmail };
}
