using PracticPro.Sync.Outlook;

namespace PracticPro.Cli.Demo;

/// <summary>
/// The practice's other providers in the story: its calendar, its books and its front desk's mail are connected and read,
/// something changes at each of them, and in the end each one's records are compared.
/// </summary>
internal sealed class DemoProviders(DemoPerson person, DemoSandbox sandbox, DemoScreen screen, string calendarAccount)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, string> connections = new(StringComparer.Ordinal);
    private DateTimeOffset changedAt;

    /// <summary>Provider and the account that its consent page is told to take.</summary>
    private (string Provider, string Account)[] Accounts =>
    [
        (DemoAccounts.Calendar, calendarAccount),
        (DemoAccounts.QuickBooks, DemoAccounts.Realm),
        (DemoAccounts.Outlook, DemoAccounts.OutlookMailbox),
    ];

    /// <summary>Connects all of them, reads them, and waits until each tells of changes by itself.</summary>
    /// <param name="address">Where the program listens.</param>
    public async Task ConnectAsync(Uri address, CancellationToken cancellation)
    {
        await sandbox.TellAsync(HttpMethod.Put, "/control/calendar/settings", new { loopbackHttp = true }, cancellation);
        await sandbox.TellAsync(
            HttpMethod.Put,
            "/control/quickbooks/notices",
            new { endpoint = DemoAccounts.WebhookOf(address, DemoAccounts.QuickBooks), verifier = DemoAccounts.BooksVerifier },
            cancellation);
        foreach (var (provider, account) in Accounts)
        {
            connections[provider] = await person.ConnectAsync(sandbox, provider, account, cancellation);
            await screen.SayAsync($"Connected {provider} through its consent page.");
            await screen.WatchAsync(
                $"Reading {provider}",
                async () =>
                {
                    var sync = (await OfAsync(provider, cancellation)).Sync;
                    return new DemoScreen.Stand(
                        sync?.Stored ?? 0, sync?.Total ?? 0, sync is { Phase: "in-step", CompleteSince: not null });
                },
                Patience,
                cancellation);
        }

        await screen.WatchAsync(
            "Opening channels for notifications",
            async () =>
            {
                // One for the calendar; at Outlook one for mail and one for events. The books have one for the whole program.
                var channels = await sandbox.AskAsync<IReadOnlyList<DemoShapes.Channel>>("/control/calendar/channels", cancellation);
                var subscriptions = await sandbox.AskAsync<IReadOnlyList<DemoShapes.Subscription>>(
                    "/control/microsoft/subscriptions", cancellation);
                var open = Math.Min(1, channels.Count(static one => one.Lives)) + Math.Min(2, subscriptions.Count);
                return new DemoScreen.Stand(open, 3, open == 3);
            },
            Patience,
            cancellation);
    }

    /// <summary>A new event, a changed invoice, a new letter, a new appointment: made behind the program's back, and told by each provider.</summary>
    public async Task ChangeAsync(CancellationToken cancellation)
    {
        changedAt = TimeProvider.System.GetUtcNow();
        var start = changedAt.AddDays(2);
        await sandbox.TellAsync(
            HttpMethod.Post,
            $"/control/calendar/{calendarAccount}/events",
            new { summary = "First talk", start = new { dateTime = start }, end = new { dateTime = start.AddHours(1) } },
            cancellation);
        var invoice = (await BooksAsync(cancellation)).Invoice[0].Id;
        await sandbox.TellAsync(
            HttpMethod.Post,
            $"/control/quickbooks/companies/{DemoAccounts.Realm}/invoice/{invoice}/edit",
            new { DueDate = $"{start:yyyy-MM-dd}" },
            cancellation);
        await sandbox.TellAsync(
            HttpMethod.Post,
            $"/control/microsoft/accounts/{DemoAccounts.OutlookMailbox}/deliver",
            new { from = "Ada <ada@mail.example>", subject = "A question", text = "Are you open on Saturdays?" },
            cancellation);
        await sandbox.TellAsync(
            HttpMethod.Post,
            $"/control/microsoft/accounts/{DemoAccounts.OutlookMailbox}/events",
            new { subject = "Room is painted", start = new { dateTime = start }, end = new { dateTime = start.AddHours(2) } },
            cancellation);
        foreach (var drain in (string[])["calendar/notices", "quickbooks/notices", "microsoft/notifications"])
        {
            await sandbox.TellAsync(HttpMethod.Post, $"/control/{drain}/drain", new { }, cancellation);
        }

        await screen.SayAsync($"Made a new event, changed an invoice, put a letter and an appointment into Outlook, each at its provider.");
    }

    /// <summary>Both sides of every sort.</summary>
    public async Task<ProvidersVerdict> CompareAsync(KeptRecords kept, CancellationToken cancellation)
    {
        var calendar = await sandbox.AskAsync<DemoShapes.CalendarDump>($"/control/calendar/{calendarAccount}/dump", cancellation);
        var outlook = await sandbox.AskAsync<DemoShapes.OutlookDump>(
            $"/control/microsoft/accounts/{DemoAccounts.OutlookMailbox}/dump", cancellation);
        var books = await BooksAsync(cancellation);
        var (from, to) = SeenDays(changedAt);
        var appointments = await sandbox.AskAsync<IReadOnlyList<DemoShapes.Appointment>>(
            $"/control/microsoft/accounts/{DemoAccounts.OutlookMailbox}/calendar?from={from:yyyy-MM-dd'T'HH:mm:ss'Z'}&to={to:yyyy-MM-dd'T'HH:mm:ss'Z'}", cancellation);
        var verdict = new ProvidersVerdict(
            DemoChecks.Items(calendar.Events.ToDictionary(static one => one.Id, static one => one.Etag), kept.Events),
            DemoChecks.Items(Versions(books.Customer), kept.Customers),
            DemoChecks.Items(Versions(books.Invoice), kept.Invoices),
            DemoChecks.Items(Versions(books.Payment), kept.Payments),
            DemoChecks.Items(DemoChecks.Letters(outlook), kept.OutlookMessages),
            DemoChecks.Items(
                DemoChecks.Appointments(appointments, from, to), DemoChecks.Appointments(kept.OutlookEvents, from, to)),
            connections.Values.Count(connection => kept.Notices.Any(one => one.Connection == connection && one.ReceivedAt >= changedAt)));
        await screen.SayAsync($"Records against the calendar: {verdict.Events}.");
        await screen.SayAsync($"Records against the books, customers: {verdict.Customers}.");
        await screen.SayAsync($"Records against the books, invoices: {verdict.Invoices}.");
        await screen.SayAsync($"Records against the books, payments: {verdict.Payments}.");
        await screen.SayAsync($"Records against Outlook's mail: {verdict.OutlookMessages}.");
        await screen.SayAsync($"Records against Outlook's calendar: {verdict.OutlookEvents}.");
        await screen.SayAsync($"Told of the changes by notification: {verdict.Notified} of {connections.Count} providers.");
        return verdict;
    }

    /// <summary>
    /// The days of Outlook's calendar that were read, short of one at either end: the reading may have begun before midnight.
    /// </summary>
    private static (DateTimeOffset From, DateTimeOffset To) SeenDays(DateTimeOffset now)
    {
        var window = CalendarWindow.Around(now);
        return (Midnight(window.First.AddDays(1)), Midnight(window.End.AddDays(-1)));

        static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
    }

    private static Dictionary<string, string> Versions(IReadOnlyList<DemoShapes.DumpedEntry> entries) =>
        entries.ToDictionary(static one => one.Id, static one => one.Version, StringComparer.Ordinal);

    private async Task<DemoShapes.Connection> OfAsync(string provider, CancellationToken cancellation) =>
        (await person.ConnectionsAsync(cancellation)).Single(one => one.Id == connections[provider]);

    private Task<DemoShapes.BooksDump> BooksAsync(CancellationToken cancellation) =>
        sandbox.AskAsync<DemoShapes.BooksDump>($"/control/quickbooks/companies/{DemoAccounts.Realm}/dump", cancellation);
}

/// <param name="Notified">Providers whose notification of the change reached the program.</param>
internal sealed record ProvidersVerdict(
    Agreement Events, Agreement Customers, Agreement Invoices, Agreement Payments, Agreement OutlookMessages,
    Agreement OutlookEvents, int Notified)
{
    public int Wrong => Events.Wrong + Customers.Wrong + Invoices.Wrong + Payments.Wrong + OutlookMessages.Wrong + OutlookEvents.Wrong;
}
