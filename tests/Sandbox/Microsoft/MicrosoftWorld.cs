using PracticPro.Sandbox.Mail;
using PracticPro.Sandbox.Microsoft.Calendar;
using PracticPro.Sandbox.Microsoft.Graph;
using PracticPro.Sandbox.Microsoft.Identity;
using PracticPro.Sandbox.Microsoft.Mail;
using PracticPro.Sandbox.Microsoft.Subscriptions;
using PracticPro.Sandbox.Practice;

namespace PracticPro.Sandbox.Microsoft;

/// <summary>Everything the sandbox knows about Microsoft's side: sign-in, accounts, subscriptions and their notices.</summary>
internal sealed class MicrosoftWorld : IAsyncDisposable
{
    private readonly SandboxOptions _options;

    public MicrosoftWorld(SandboxOptions options, TimeProvider clock)
    {
        _options = options;
        Clients = [MicrosoftClient.Default];
        Grants = new MicrosoftGrants(options.Seed, clock);
        Traffic = new GraphTraffic(clock);
        Courier = new NotificationCourier(clock);
        Subscriptions = new SubscriptionBook(clock, Courier);
        Uploads = new Uploads(new Seeded(options.Seed, "outlook uploads"));
        Accounts = new AccountDirectory(options.Seed, clock, Settings, Subscriptions);
    }

    public IReadOnlyList<MicrosoftClient> Clients { get; private set; }

    public MicrosoftSettings Settings { get; } = new();

    public MicrosoftGrants Grants { get; }

    public GraphTraffic Traffic { get; }

    public AccountDirectory Accounts { get; }

    public SubscriptionBook Subscriptions { get; }

    public NotificationCourier Courier { get; }

    public Uploads Uploads { get; }

    public OutlookSends Sends { get; } = new();

    /// <summary>Registers a client; one with the same id is replaced.</summary>
    public void Register(MicrosoftClient client) =>
        Clients = [.. Clients.Where(known => known.Key != client.Key), client];

    /// <summary>
    /// The accounts of the options, filled from the mail and the practice's book unless they are to start empty.
    /// </summary>
    public void Fill(Func<IReadOnlyList<CorpusMessage>> mail, Func<PracticeBook> practice)
    {
        OutlookAccount[] accounts = [.. _options.OutlookAccounts.Select(Accounts.Open)];
        if (!_options.Fill || accounts.Length == 0)
        {
            return;
        }

        ILookup<int, CorpusMessage> dealt = mail().ToLookup(one => Corpus.Hand(one, accounts.Length));
        for (int at = 0; at < accounts.Length; at++)
        {
            lock (accounts[at].Gate)
            {
                OutlookSeeding.Fill(accounts[at], [.. dealt[at]]);
                CalendarSeeding.Fill(accounts[at], practice());
            }
        }
    }

    public void Clear()
    {
        Subscriptions.Clear();
        Courier.Clear();
        Grants.Clear();
        Traffic.Clear();
        Uploads.Clear();
        Sends.Clear();
        Settings.Clear();
        Accounts.Clear();
    }

    public ValueTask DisposeAsync() => Courier.DisposeAsync();
}
