using PracticPro.Sandbox.OAuth;
using PracticPro.Sandbox.Practice;

namespace PracticPro.Sandbox.QuickBooks;

/// <summary>Everything the sandbox knows about QuickBooks Online: companies, grants, limits, notifications, counts.</summary>
internal sealed class QuickBooksWorld : IAsyncDisposable
{
    /// <summary>The company that is there from the start.</summary>
    public const string DefaultRealm = "9341450000000017";

    /// <summary>Of the company's time zone: all its times are written in it.</summary>
    public static readonly TimeSpan DefaultOffset = TimeSpan.FromHours(-8);

    /// <summary>Registered from the start, so that nothing need be set up to try the sandbox.</summary>
    public static readonly OAuthClient DefaultClient = new("ABpracticproSandbox", "intuit-sandbox-secret", []);

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly long _seed;
    private readonly bool _fill;
    private readonly Func<PracticeBook> _practice;
    private readonly List<Company> _companies = [];
    private long _requests;
    private int _writes;

    public QuickBooksWorld(SandboxOptions options, TimeProvider clock, Func<PracticeBook> practice)
    {
        _practice = practice;
        _clock = clock;
        _seed = options.Seed;
        _fill = options.Fill;
        Grants = new IntuitGrants(options.Seed, clock);
        Limits = new BookLimits(clock);
        Notices = new BookNotices(options.Seed, clock);
        Begin();
    }

    public IReadOnlyList<OAuthClient> Clients { get; private set; } = [DefaultClient];

    public IntuitGrants Grants { get; }

    public BookLimits Limits { get; }

    public BookNotices Notices { get; }

    /// <summary>How often somebody tried to write, whatever came of it.</summary>
    public int Writes => Volatile.Read(ref _writes);

    public IReadOnlyList<Company> Companies
    {
        get
        {
            lock (_gate)
            {
                return [.. _companies];
            }
        }
    }

    public Company Default => Find(DefaultRealm)!;

    public Company? Find(string? realm) => Companies.FirstOrDefault(company => company.Realm == realm);

    /// <summary>The company of that id; a new one with empty books when there is none.</summary>
    public Company Open(string realm, string name, TimeSpan offset)
    {
        lock (_gate)
        {
            Company? known = _companies.Find(company => company.Realm == realm);
            if (known is null)
            {
                known = new Company(realm, name, offset, _clock, Notices.Tell);
                _companies.Add(known);
            }

            return known;
        }
    }

    public OAuthClient? ClientOf(string? key) => Clients.FirstOrDefault(client => client.Key == key);

    public void Register(OAuthClient client) => Clients = [.. Clients.Where(known => known.Key != client.Key), client];

    public void CountWrite() => Interlocked.Increment(ref _writes);

    public string NextTid() => $"1-{Interlocked.Increment(ref _requests):x8}-{_seed:x}";

    /// <summary>Back to the start; where notifications go stays.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _companies.Clear();
        }

        Grants.Clear();
        Limits.Clear();
        Notices.Clear();
        Interlocked.Exchange(ref _writes, 0);
        Begin();
    }

    public ValueTask DisposeAsync() => Notices.DisposeAsync();

    private void Begin()
    {
        Company company = Open(DefaultRealm, PracticeBook.Name, DefaultOffset);
        if (_fill)
        {
            lock (company.Gate)
            {
                BookSeeding.Fill(company, _practice());
            }
        }
    }
}
