using PracticPro.Sandbox.Calendar;
using PracticPro.Sandbox.Faults;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.Mail;
using PracticPro.Sandbox.Microsoft;
using PracticPro.Sandbox.OAuth;
using PracticPro.Sandbox.Paddle;
using PracticPro.Sandbox.Practice;
using PracticPro.Sandbox.PubSub;
using PracticPro.Sandbox.QuickBooks;

namespace PracticPro.Sandbox;

/// <summary>
/// Everything the sandbox knows: the one object behind all endpoints. Tests in the same process may use it directly;
/// whoever touches a mailbox holds that mailbox's lock.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    private readonly Lazy<IReadOnlyList<CorpusMessage>> _mail;
    private readonly Lazy<PracticeBook> _practice;

    public World(SandboxOptions options)
    {
        Options = options;
        Clock = new OffsetClock(options.Clock);
        _mail = new Lazy<IReadOnlyList<CorpusMessage>>(() => Corpus.Load(options));
        _practice = new Lazy<PracticeBook>(() => PracticeBook.Make(options.Seed, options.Clock.GetUtcNow()));
        Clients = [.. options.Clients];
        Grants = new Grants(options.Seed, Clock);
        Quota = new QuotaMeter(Clock) { UnitsPerMinute = options.UnitsPerMinute };
        Push = new PushCourier(options.Seed, Clock, SigningKeys);
        Mailboxes = new MailboxDirectory(options.Seed, Clock, Push);
        QuickBooks = new QuickBooksWorld(options, Clock, () => Practice);
        Paddle = new PaddleWorld(options.Seed, Clock);
        CalendarQuota = new QuotaMeter(Clock) { UnitsPerMinute = options.CalendarCallsPerMinute };
        Channels = new ChannelCourier(options.Seed, Clock) { TakesLoopbackHttp = options.TakesLoopbackHttp };
        Calendars = new CalendarDirectory(options.Seed, Clock, Channels) { Filling = FillCalendar };
        Microsoft = new MicrosoftWorld(options, Clock);
        FillMailboxes();
        Microsoft.Fill(() => Mail, () => Practice);
    }

    public SandboxOptions Options { get; }

    public OffsetClock Clock { get; }

    public IReadOnlyList<OAuthClient> Clients { get; private set; }

    public SigningKeys SigningKeys { get; } = new();

    public Grants Grants { get; }

    public QuotaMeter Quota { get; }

    public PushCourier Push { get; }

    public MailboxDirectory Mailboxes { get; }

    public QuickBooksWorld QuickBooks { get; }

    public PaddleWorld Paddle { get; }

    public CalendarDirectory Calendars { get; }

    public ChannelCourier Channels { get; }

    /// <summary>Calls a minute and account; Google's own figure is 600.</summary>
    public QuotaMeter CalendarQuota { get; }

    /// <summary>The status of a calendar's refusal by quota: 403 and 429 are both seen.</summary>
    public int CalendarQuotaCode { get; set; } = StatusCodes.Status403Forbidden;

    public SendLedger Sends { get; } = new();

    public MicrosoftWorld Microsoft { get; }

    public RequestStatistics Statistics { get; } = new();

    public FaultQueue Faults { get; } = new();

    /// <summary>The mail the mailboxes are filled from.</summary>
    public IReadOnlyList<CorpusMessage> Mail => _mail.Value;

    /// <summary>The practice the calendars and books are filled from, as of the day it was first looked at.</summary>
    public PracticeBook Practice => _practice.Value;

    /// <summary>
    /// Registers a client; one with the same id is replaced. Readers see the old list or the new one.
    /// </summary>
    public void Register(OAuthClient client) =>
        Clients = [.. Clients.Where(known => known.Key != client.Key), client];

    /// <summary>
    /// Back to the start: mail as loaded, no grants, no faults, no counts. Push settings and clock stay.
    /// </summary>
    public void Reset()
    {
        Faults.Clear();
        Grants.Clear();
        Quota.Clear();
        Quota.UnitsPerMinute = Options.UnitsPerMinute;
        Push.Clear();
        Sends.Clear();
        Statistics.Clear();
        Mailboxes.Clear();
        QuickBooks.Reset();
        Paddle.Clear();
        CalendarQuota.Clear();
        CalendarQuota.UnitsPerMinute = Options.CalendarCallsPerMinute;
        Channels.Clear();
        Calendars.Clear();
        FillMailboxes();
        Microsoft.Clear();
        Microsoft.Fill(() => Mail, () => Practice);
    }

    public async ValueTask DisposeAsync()
    {
        await Push.DisposeAsync();
        await QuickBooks.DisposeAsync();
        await Paddle.DisposeAsync();
        await Channels.DisposeAsync();
        await Microsoft.DisposeAsync();
        SigningKeys.Dispose();
    }

    /// <summary>The practice's calendar is that of the first account.</summary>
    private void FillCalendar(EventCalendar calendar)
    {
        if (Options.Fill && Options.Mailboxes is [var first, ..] && first == calendar.Owner)
        {
            lock (calendar.Gate)
            {
                CalendarSeeding.Fill(calendar, Practice);
            }
        }
    }

    private void FillMailboxes()
    {
        Mailbox[] mailboxes = [.. Options.Mailboxes.Select(Mailboxes.Open)];
        if (!Options.Fill || mailboxes.Length == 0)
        {
            return;
        }

        ILookup<int, CorpusMessage> dealt = Mail.ToLookup(mail => Corpus.Hand(mail, mailboxes.Length));
        for (int at = 0; at < mailboxes.Length; at++)
        {
            lock (mailboxes[at].Gate)
            {
                MailboxSeeding.Fill(mailboxes[at], [.. dealt[at]]);
            }
        }
    }
}
