using System.Globalization;
using PracticPro.Audit;
using PracticPro.Cli.Demo;
using PracticPro.Kernel;
using PracticPro.Sandbox;
using PracticPro.Sandbox.OAuth;
using PracticPro.Simulation.Crash;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Gmail;
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
    private const int MostRoundsOfQuiet = 90;
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan[] Whiles =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(31), TimeSpan.FromHours(3),
    ];

    private readonly Random random = new(seed);
    private readonly DrivenClock clock = new();
    private readonly List<string> story = [];
    private SandboxHost sandbox = null!;
    private SyncProgram program = null!;
    private SimulatedOwner owner = null!;
    private MailLife mail = null!;
    private bool grantMayBeDead;

    public async Task<CrashVerdict> RunAsync(CancellationToken cancellation)
    {
        await using var host = sandbox = await SandboxHost.StartAsync(
            new SandboxOptions { Seed = seed, Fill = false, Mailboxes = [Owner], Clock = clock }, cancellation);
        using var browser = new DemoSandbox(host.Address);
        var pushes = random.Next(3) > 0;
        await using var running = program = new SyncProgram(folder, host.Address, clock, Options(pushes));
        practice.CopyTo(folder);
        await program.StartAsync(cancellation);
        owner = new SimulatedOwner(practice.Owner, program, browser);
        mail = new MailLife(Owner, host.World, random, pushes);
        mail.Fill(random.Next(3, 25));
        for (var left = random.Next(6, 24); left > 0; left--)
        {
            await LiveAsync(cancellation);
        }

        var faults = await QuietAsync(cancellation);
        return new CrashVerdict(faults, string.Join(", ", story));
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
            await program.RestartAsync(cancellation);
        }

        await BeConnectedAsync(cancellation);
        if (random.Next(3) > 0 && !program.Power.IsOff)
        {
            await program.SettleAsync(owner.Tenant, cancellation);
        }
    }

    private async Task HappenAsync(CancellationToken cancellation)
    {
        switch (random.Next(100))
        {
            case < 25:
                mail.Change(random.Next(1, 6));
                await mail.TellAsync(program, cancellation);
                break;
            case < 38:
                story.Add(mail.BreakSomething());
                break;
            case < 60:
                clock.Advance(Whiles[random.Next(Whiles.Length)]);
                break;
            case < 68:
                var at = random.Next(1, 25);
                program.Power.At(at, () => mail.Change(random.Next(1, 3)));
                break;
            case < 76:
                story.Add("dropped");
                await program.RestartAsync(cancellation);
                break;
            case < 85:
                program.Power.CutAt(random.Next(1, 40));
                break;
            case < 89:
                Jump(TimeSpan.FromMinutes(random.Next(-90, 90)));
                break;
            case < 92:
                story.Add("history forgotten");
                mail.ForgetHistory();
                break;
            case < 94:
                mail.KillWatch();
                break;
            case < 96:
                sandbox.World.Grants.ExpireAccess(null);
                break;
            case < 98:
                story.Add("grant revoked");
                grantMayBeDead = true;
                sandbox.World.Grants.RevokeAccount(Owner);
                break;
            default:
                await DisconnectAsync(cancellation);
                break;
        }
    }

    private async Task DisconnectAsync(CancellationToken cancellation)
    {
        if (await ConnectionAsync(cancellation) is { State: ConnectionState.Active } active)
        {
            story.Add("disconnected");
            grantMayBeDead = true;
            await owner.DisconnectAsync(active.Id, cancellation);
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
            if (await ConnectionAsync(cancellation) is not { State: ConnectionState.Active }
                && (await owner.ConnectAsync(GmailConnector.Name, Owner, cancellation)).Try(out _, out _))
            {
                grantMayBeDead = false;
            }
        }
        catch (Exception) when (program.Power.IsOff)
        {
            // Tried again later.
        }
    }

    private async Task<Connection?> ConnectionAsync(CancellationToken cancellation) =>
        (await owner.ConnectionsAsync(cancellation)).SingleOrDefault()?.Connection;

    private async Task<IReadOnlyList<string>> QuietAsync(CancellationToken cancellation)
    {
        mail.Mend();
        SetClock(TimeSpan.Zero);
        if (program.Power.IsOff)
        {
            await program.RestartAsync(cancellation);
        }

        program.Power.CutAt(int.MaxValue);
        IReadOnlyList<string> wrong = [];
        for (var (round, right) = (0, 0); round < MostRoundsOfQuiet && right < 2; round++)
        {
            await program.SettleAsync(owner.Tenant, cancellation);
            var connection = await ConnectionAsync(cancellation);
            if (connection is { State: ConnectionState.NeedsReconnect } && !grantMayBeDead)
            {
                return [$"A grant that lives was given up: {connection.LostBecause}."];
            }

            if (connection is not { State: ConnectionState.Active })
            {
                await BeConnectedAsync(cancellation);
                await program.SettleAsync(owner.Tenant, cancellation);
            }

            wrong = await WrongAsync(cancellation);
            right = wrong.Count == 0 ? right + 1 : 0;
            clock.Advance(Round);
        }

        await program.SettleAsync(owner.Tenant, cancellation);
        return wrong.Count == 0 ? await ReplayedAsync(cancellation) : wrong;
    }

    private async Task<IReadOnlyList<string>> WrongAsync(CancellationToken cancellation)
    {
        var scope = await program.Get<TenantScopes>().OpenAsync(owner.Tenant, cancellation);
        if (await ConnectionAsync(cancellation) is not { State: ConnectionState.Active } connection)
        {
            return ["The mailbox is not connected."];
        }

        return await MailTruth.GrantLivesAsync(scope, sandbox.World, connection, cancellation)
            ?
            [
                .. await MailTruth.DifferencesAsync(scope, sandbox.World, Owner, cancellation),
                .. await HolesAsync(connection, cancellation),
            ]
            : ["The token that is kept is none the provider honours."];
    }

    private async Task<IEnumerable<string>> HolesAsync(Connection connection, CancellationToken cancellation) =>
        (await program.Get<CoverageFacts>().OfAsync(owner.Tenant, connection.Id, cancellation)).Expect()
            .SelectMany(static stream => stream.Holes, static (stream, hole) => (stream, hole))
            .Where(static told => told.hole.Until is null || told.hole.ClosedAt is null)
            .Select(static told => $"Stream {told.stream.Stream} has an open hole: {told.hole.Because}.");

    /// <summary>What the provider answered, understood again, gives what is stored.</summary>
    private async Task<IReadOnlyList<string>> ReplayedAsync(CancellationToken cancellation) =>
        await ConnectionAsync(cancellation) is { } connection
        && (await program.Get<ReplaySync>().RunAsync(owner.Tenant, connection.Id, cancellation)).Expect() is ReplayVerdict.Differs other
            ? [$"The replay differs in {other.Stream} at step {other.Step}, item {other.Item}: {other.Why}."]
            : [];

    private SyncOptions Options(bool pushes) => new()
    {
        GoogleClientId = OAuthClient.Default.Key,
        GoogleClientSecret = new SecretText(OAuthClient.Default.Secret),
        RedirectUri = new Uri("http://127.0.0.1:9/connect/google/callback"),
        PushTopic = pushes ? "projects/p/topics/gmail" : "",
        PushAudience = MailLife.PushAudience,
        PushServiceAccount = MailLife.PushAccount,
        PageSize = random.Next(2, 12),
        ParallelReads = random.Next(1, 5),
        UnitsPerMinute = random.Next(8) == 0 ? 600 : 15_000_000,
        ProjectUnitsPerMinute = 1_500_000_000,
    };
}
