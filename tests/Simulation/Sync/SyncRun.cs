using System.Globalization;
using PracticPro.Audit;
using PracticPro.Cli.Demo;
using PracticPro.Kernel;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Microsoft.Identity;
using PracticPro.Sandbox.OAuth;
using PracticPro.Sandbox.QuickBooks;
using PracticPro.Simulation.Crash;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.GoogleCalendar;
using PracticPro.Sync.Outlook;
using PracticPro.Sync.Published;
using PracticPro.Sync.QuickBooks;
using PracticPro.Sync.Streams.Coverage;
using PracticPro.Sync.Streams.Journal;

namespace PracticPro.Simulation.Sync;

/// <summary>
/// One run: a small practice and a random life of its provider and its program. Then quiet: faults off, the provider still,
/// the clock right and driven on. Then our records are the provider's, and no grant was given up that lives.
/// </summary>
internal sealed class SyncRun(int seed, string folder, OpenedPractice practice)
{
    private const string Owner = "owner@harbour-clinic.example";
    private const string Desk = "desk@harbour-clinic.example";
    private const int MostRoundsOfQuiet = 90;

    /// <summary>So many on a page that it is stored in several writes.</summary>
    private const int LargePage = 80;

    private static readonly TimeSpan Round = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan[] Whiles =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(31), TimeSpan.FromHours(3),
    ];

    private readonly Random random = new(seed);
    private readonly DrivenClock clock = new();
    private readonly List<string> story = [];
    private readonly Dictionary<Provider, string?> refusals = [];
    private readonly List<string> givenUp = [];
    private SandboxHost sandbox = null!;
    private NoticeDoor door = null!;
    private SyncProgram program = null!;
    private SimulatedOwner owner = null!;
    private IReadOnlyList<AccountLife> lives = [];

    public async Task<CrashVerdict> RunAsync(CancellationToken cancellation)
    {
        var outside = new SandboxOptions
        {
            Seed = seed, Fill = false, Mailboxes = [Owner], OutlookAccounts = [Desk], Clock = clock, TakesLoopbackHttp = true,
        };
        await using var host = sandbox = await SandboxHost.StartAsync(outside, cancellation);
        await using var notices = door = await NoticeDoor.StartAsync(new Random(random.Next()), cancellation);
        using var browser = new DemoSandbox(host.Address);
        var pushes = random.Next(3) > 0;
        var isLarge = random.Next(6) == 0;
        await using var running = program = new SyncProgram(folder, host.Address, clock, Options(pushes, isLarge));
        practice.CopyTo(folder);
        await program.StartAsync(cancellation);
        door.Program = program;
        owner = new SimulatedOwner(practice.Owner, program, browser);
        lives = SomeOf(
        [
            new MailLife(Owner, host.World, random, pushes),
            new CalendarLife(Owner, host.World, random),
            new BooksLife(host.World, random, pushes ? door.AddressOf(QuickBooksConnector.Name) : null),
            new OutlookLife(Desk, host.World, random),
        ]);
        story.Add(string.Join(" and ", lives.Select(static life => life.Provider)));
        foreach (var life in lives)
        {
            life.Fill();
            life.Change(isLarge ? LargePage : 0);
        }

        for (var left = random.Next(6, 24); left > 0; left--)
        {
            await LiveAsync(cancellation);
        }

        var faults = await QuietAsync(cancellation);
        return new CrashVerdict(faults, string.Join(", ", story));
    }

    private IReadOnlyList<AccountLife> SomeOf(AccountLife[] all)
    {
        var drawn = random.Next(1, 1 << all.Length);
        return [.. all.Where((_, at) => (drawn & (1 << at)) != 0)];
    }

    private async Task LiveAsync(CancellationToken cancellation)
    {
        try
        {
            await HappenAsync(cancellation);
        }
        catch (Exception) when (program.Power.IsOff)
        {
            // Whoever was under way then failed with it.
        }

        if (program.Power.IsOff)
        {
            story.Add("no power");
            await RestartAsync(cancellation);
        }

        await BeConnectedAsync(cancellation);
        if (random.Next(3) > 0 && !program.Power.IsOff)
        {
            await program.SettleAsync(owner.Tenant, cancellation);
        }
    }

    private async Task HappenAsync(CancellationToken cancellation)
    {
        var life = lives[random.Next(lives.Count)];
        switch (random.Next(100))
        {
            case < 25:
                life.Change(random.Next(1, 10));
                await life.TellAsync(program, cancellation);
                break;
            case < 38:
                story.Add(life.BreakSomething());
                break;
            case < 60:
                await PassAsync(Whiles[random.Next(Whiles.Length)], cancellation);
                break;
            case < 68:
                var changes = random.Next(1, 3);
                program.Power.At(random.Next(1, 25), () => life.Change(changes));
                break;
            case < 76:
                story.Add("dropped");
                await RestartAsync(cancellation);
                break;
            case < 85:
                program.Power.CutAt(random.Next(1, 40));
                break;
            case < 89:
                Jump(TimeSpan.FromMinutes(random.Next(-90, 90)));
                break;
            case < 94:
                // With what came last nobody has seen yet.
                story.Add($"{life.Provider} forgets");
                life.Change(random.Next(0, 5));
                life.Forget();
                break;
            case < 96:
                life.ExpireAccess();
                break;
            case < 98:
                story.Add($"{life.Provider} revoked");
                TakeBack(life);
                life.Revoke();
                break;
            default:
                await DisconnectAsync(life, cancellation);
                break;
        }
    }

    private async Task DisconnectAsync(AccountLife life, CancellationToken cancellation)
    {
        if (await ConnectionAsync(life, cancellation) is { State: ConnectionState.Active } active)
        {
            story.Add($"{life.Provider} disconnected");
            TakeBack(life);
            await owner.DisconnectAsync(active.Id, cancellation);
        }
    }

    // What is revoked for an account is revoked for every grant of it.
    private void TakeBack(AccountLife life)
    {
        foreach (var one in lives.Where(one => one.Account == life.Account))
        {
            one.IsTakenBack = true;
        }
    }

    // Whoever waits for an answer when that much passes at once has waited too long.
    private async Task PassAsync(TimeSpan time, CancellationToken cancellation)
    {
        if (time >= SyncProgram.LongestAnswer && !await program.IsIdleAsync(cancellation))
        {
            LoseRenewals();
        }

        clock.Advance(time);
    }

    private async Task RestartAsync(CancellationToken cancellation)
    {
        LoseRenewals();
        await program.RestartAsync(cancellation);
    }

    private void LoseRenewals()
    {
        foreach (var life in lives)
        {
            life.RenewalMayBeLost = true;
        }
    }

    // Our clock alone: the provider's goes on as it should.
    private void Jump(TimeSpan by)
    {
        story.Add(string.Create(CultureInfo.InvariantCulture, $"clock {by.TotalMinutes:+0;-0} min"));
        SetClock(clock.Off + by);
    }

    private void SetClock(TimeSpan off)
    {
        clock.Off = off;
        sandbox.World.Clock.Offset = -off;
    }

    /// <summary>Connects what is not connected, if it can be had now.</summary>
    private async Task BeConnectedAsync(CancellationToken cancellation)
    {
        try
        {
            foreach (var life in lives)
            {
                var connection = await ConnectionAsync(life, cancellation);
                if (connection is { State: ConnectionState.NeedsReconnect } && !life.MayBeGivenUp(connection.LostBecause))
                {
                    givenUp.Add($"A grant of {life.Provider} that lives was given up: {connection.LostBecause}.");
                }

                if (connection is not { State: ConnectionState.Active })
                {
                    var connected = await owner.ConnectAsync(life.Provider, life.Account, cancellation);
                    refusals[life.Provider] = connected.Failure?.Code;
                    if (connected.Failure is null)
                    {
                        life.BeGranted();
                    }
                }
            }
        }
        catch (Exception) when (program.Power.IsOff)
        {
            // Tried again later.
        }
    }

    private async Task<Connection?> ConnectionAsync(AccountLife life, CancellationToken cancellation) =>
        (await owner.ConnectionsAsync(cancellation)).SingleOrDefault(row => row.Connection.Provider == life.Provider)?.Connection;

    private async Task<IReadOnlyList<string>> QuietAsync(CancellationToken cancellation)
    {
        sandbox.World.Faults.Clear();
        SetClock(TimeSpan.Zero);
        if (program.Power.IsOff)
        {
            await RestartAsync(cancellation);
        }

        program.Power.CutAt(int.MaxValue);
        await door.CalmAsync(cancellation);
        IReadOnlyList<string> wrong = [];
        for (var (round, right) = (0, 0); round < MostRoundsOfQuiet && right < 2; round++)
        {
            await program.SettleAsync(owner.Tenant, cancellation);
            await BeConnectedAsync(cancellation);
            if (givenUp.Count > 0)
            {
                return givenUp;
            }

            await program.SettleAsync(owner.Tenant, cancellation);
            wrong = await WrongAsync(cancellation);
            right = wrong.Count == 0 ? right + 1 : 0;
            await PassAsync(Round, cancellation);
        }

        await program.SettleAsync(owner.Tenant, cancellation);
        return wrong.Count > 0 ? wrong : [.. await ReplayedAsync(cancellation), .. door.Troubles];
    }

    private async Task<IReadOnlyList<string>> WrongAsync(CancellationToken cancellation)
    {
        var scope = await program.Get<TenantScopes>().OpenAsync(owner.Tenant, cancellation);
        List<string> wrong = [.. await MailTruth.FactsAsync(scope, cancellation)];
        foreach (var life in lives)
        {
            if (await ConnectionAsync(life, cancellation) is not { State: ConnectionState.Active } connection)
            {
                wrong.Add($"{life.Provider} is not connected: {refusals.GetValueOrDefault(life.Provider)}.");
                continue;
            }

            if (!await life.GrantLivesAsync(scope, connection, cancellation))
            {
                wrong.Add($"The token of {life.Provider} that is kept is none the provider honours.");
            }

            wrong.AddRange(await life.DifferencesAsync(scope, connection, cancellation));
            wrong.AddRange(await HolesAsync(connection, cancellation));
        }

        return wrong;
    }

    private async Task<IEnumerable<string>> HolesAsync(Connection connection, CancellationToken cancellation) =>
        (await program.Get<CoverageFacts>().OfAsync(owner.Tenant, connection.Id, cancellation)).Expect()
            .SelectMany(static stream => stream.Holes, static (stream, hole) => (stream, hole))
            .Where(static told => told.hole.Until is null || told.hole.ClosedAt is null)
            .Select(static told => $"Stream {told.stream.Stream} has an open hole: {told.hole.Because}.");

    /// <summary>What the providers answered, understood again, gives what is stored.</summary>
    private async Task<IReadOnlyList<string>> ReplayedAsync(CancellationToken cancellation)
    {
        List<string> wrong = [];
        foreach (var row in await owner.ConnectionsAsync(cancellation))
        {
            if ((await program.Get<ReplaySync>().RunAsync(owner.Tenant, row.Connection.Id, cancellation)).Expect()
                is ReplayVerdict.Differs other)
            {
                wrong.Add($"The replay of {row.Connection.Provider} differs in {other.Stream} at step {other.Step}, item {other.Item}: {other.Why}.");
            }
        }

        return wrong;
    }

    private SyncOptions Options(bool pushes, bool isLarge) => new()
    {
        GoogleClientId = OAuthClient.Default.Key,
        GoogleClientSecret = new SecretText(OAuthClient.Default.Secret),
        RedirectUri = new Uri("http://127.0.0.1:9/connect/google/callback"),
        Clients = new Dictionary<string, ProviderClient>
        {
            [QuickBooksConnector.Name.Text] = new()
            {
                Id = QuickBooksWorld.DefaultClient.Key,
                Secret = new SecretText(QuickBooksWorld.DefaultClient.Secret),
                RedirectUri = new Uri("http://127.0.0.1:9/connect/quickbooks/callback"),
                WebhookKey = new SecretText(IntuitScheme.DefaultVerifier),
            },
            [GoogleCalendarConnector.Name.Text] = new() { WebhookAddress = pushes ? door.AddressOf(GoogleCalendarConnector.Name) : null },
            [OutlookConnector.Name.Text] = new()
            {
                Id = MicrosoftClient.Default.Key,
                Secret = new SecretText(MicrosoftClient.Default.Secret),
                RedirectUri = new Uri("http://127.0.0.1:9/connect/outlook/callback"),
                WebhookAddress = pushes ? door.AddressOf(OutlookConnector.Name) : null,
            },
        },
        PushTopic = pushes ? "projects/p/topics/gmail" : "",
        PushAudience = MailLife.PushAudience,
        PushServiceAccount = MailLife.PushAccount,
        PageSize = isLarge ? LargePage : random.Next(2, 12),
        ParallelReads = random.Next(1, 5),
        UnitsPerMinute = random.Next(8) == 0 ? 600 : 15_000_000,
        ProjectUnitsPerMinute = 1_500_000_000,
    };
}
