namespace PracticPro.Cli.Demo;

/// <summary>The accounts of the sandbox's practice besides its mailbox, and what each provider knows the program by there.</summary>
internal static class DemoAccounts
{
    public const string Gmail = "gmail";
    public const string Calendar = "google-calendar";
    public const string QuickBooks = "quickbooks";
    public const string Outlook = "outlook";

    /// <summary>Number of the company whose books are connected.</summary>
    public const string Realm = "9341450000000017";

    public const string OutlookMailbox = "frontdesk@harbour-clinic.example";

    /// <summary>What the sandbox signs notices of changed books with.</summary>
    public const string BooksVerifier = "3f1c1f9a-sandbox-verifier-77";

    private static readonly string[] Homes =
    [
        "google-calendar", "intuit-quickbooks", "intuit-oauth", "intuit-revocation", "intuit-consent", "microsoft-graph", "microsoft-identity",
    ];

    /// <summary>
    /// Settings of the three connectors besides Gmail. The names and secrets are the sandbox's own, known to everybody who
    /// has its source: they open nothing but the sandbox.
    /// </summary>
    /// <param name="address">Where the program listens, and so where notifications come to.</param>
    public static string[] Settings(Uri sandbox, Uri address) =>
    [
        .. Homes.SelectMany(home => (string[])[$"--Egress:Homes:{home}", sandbox.GetLeftPart(UriPartial.Authority)]),
        "--Sync:WebhookBaseUri", address.GetLeftPart(UriPartial.Authority),
        .. Client(address, QuickBooks, "ABpracticproSandbox", "intuit-sandbox-secret"),
        "--Sync:Clients:quickbooks:WebhookKey", BooksVerifier,
        .. Client(address, Outlook, "5f2c8a71-6d0e-4b39-9c14-8e7a3d5b1f60", "sandbox~8Q~microsoft-client-value"),
    ];

    public static Uri WebhookOf(Uri address, string provider) => new(address, $"/webhooks/{provider}");

    private static string[] Client(Uri address, string provider, string id, string secret) =>
    [
        $"--Sync:Clients:{provider}:Id", id,
        $"--Sync:Clients:{provider}:Secret", secret,
        $"--Sync:Clients:{provider}:RedirectUri", new Uri(address, $"/connect/{provider}/callback").ToString(),
    ];
}
