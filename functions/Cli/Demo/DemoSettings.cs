namespace PracticPro.Cli.Demo;

/// <summary>Settings that point the program at a sandbox instead of Google.</summary>
internal static class DemoSettings
{
    private static readonly string[] Homes = ["google-gmail", "google-oauth", "google-keys", "google-consent"];

    /// <param name="address">Where the program listens; fixed, since the sandbox must know where to push to.</param>
    /// <param name="undoDelay">As the setting takes it: <c>hh:mm:ss</c>.</param>
    public static string[] For(Uri sandbox, string dataFolder, Uri address, string undoDelay, string pollInterval) =>
    [
        "--Standalone:Folder", dataFolder,
        "--Standalone:Listen", address.GetLeftPart(UriPartial.Authority),
        .. Homes.SelectMany(home => (string[])[$"--Egress:Homes:{home}", sandbox.GetLeftPart(UriPartial.Authority)]),
        "--Sync:GoogleClientId", DemoSandbox.ClientId,
        "--Sync:GoogleClientSecret", DemoSandbox.ClientSecret,
        "--Sync:RedirectUri", new Uri(address, "/connect/google/callback").ToString(),
        "--Sync:PushTopic", DemoSandbox.PushTopic,
        "--Sync:PushAudience", WebhookOf(address).ToString(),
        "--Sync:PushServiceAccount", DemoSandbox.PushAccount,
        "--Sync:PollInterval", pollInterval,

        // Google's own quota would make a mailbox of thousands take a quarter of an hour; the sandbox has none.
        "--Sync:UnitsPerMinute", "15000000",
        "--Sync:ProjectUnitsPerMinute", "1500000000",
        "--Approvals:UndoDelay", undoDelay,
        "--Logging:LogLevel:Default", "Warning",
    ];

    public static Uri WebhookOf(Uri address) => DemoAccounts.WebhookOf(address, DemoAccounts.Gmail);
}
