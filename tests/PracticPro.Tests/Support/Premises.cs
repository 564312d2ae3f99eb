using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Access;
using PracticPro.Approvals;
using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Durable.Embedded;
using PracticPro.Durable.History;
using PracticPro.Egress;
using PracticPro.Hosting;
using PracticPro.Hosting.Functions;
using PracticPro.Hosting.Standalone;
using PracticPro.Kernel;
using PracticPro.Sandbox;
using PracticPro.Sandbox.OAuth;
using PracticPro.Sandbox.QuickBooks;
using PracticPro.Storage;
using PracticPro.Storage.Drivers;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Sync;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Tests.Support;

/// <summary>How premises are set up. What is not said is small, quick and without pushes.</summary>
internal sealed record PremisesOptions
{
    /// <summary>Letters in the mailbox from the start.</summary>
    public int Letters { get; init; } = 6;

    public string PushTopic { get; init; } = "";

    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>None, so that what a notification leads to happens without the clock being moved.</summary>
    public TimeSpan BetweenLooks { get; init; } = TimeSpan.Zero;

    public TimeSpan UndoDelay { get; init; } = TimeSpan.FromSeconds(30);

    public int PageSize { get; init; } = 100;

    /// <summary>What the program is known by at providers besides Google.</summary>
    public Dictionary<string, ProviderClient> Clients { get; init; } = [];

    public TimeSpan EgressTimeout { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// The program on premises of its own, below its HTTP face: all rooms over a folder, hub and outbox pump running, and
/// the sandbox as the outside world. One clock that moves when told rules both. Outlives crashes of the program.
/// </summary>
internal sealed class Premises : IAsyncDisposable
{
    public const string Password = "correct horse battery";
    public const string PushAudience = "https://practice.example/webhooks/gmail";
    public const string PushAccount = "push@practicpro-sandbox.iam.gserviceaccount.example";

    private const int MostMoments = 250;
    private const int FewMoments = 25;

    /// <summary>Shorter than any call may take.</summary>
    private static readonly TimeSpan LongestMove = TimeSpan.FromSeconds(20);

    private readonly PremisesOptions options;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("practicpro-premises-");
    private IHost? host;

    private Premises(PremisesOptions options, SandboxHost sandbox, FakeClock clock)
    {
        (this.options, Sandbox, Clock) = (options, sandbox, clock);
        Outside = new Outside(sandbox);
    }

    public FakeClock Clock { get; }

    public SandboxHost Sandbox { get; }

    /// <summary>What happens in the world outside.</summary>
    public Outside Outside { get; }

    public string Folder => folder.FullName;

    /// <summary>The owner, signed in.</summary>
    public SignedIn Owner { get; private set; } = null!;

    public TenantId Tenant => Owner.Tenant;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A practice with an owner who is signed in. Nothing is connected yet.</summary>
    public static async Task<Premises> OpenAsync(PremisesOptions? options = null)
    {
        var clock = new FakeClock();
        var sandbox = await SandboxHost.StartAsync(new SandboxOptions { Clock = clock, Fill = false }, Cancellation);
        var premises = new Premises(options ?? new PremisesOptions(), sandbox, clock);
        await premises.Outside.FillAsync(premises.options.Letters);
        await premises.StartAsync();
        premises.Owner = await premises.FoundAsync("Harbour Clinic", "owner@practice.example");
        return premises;
    }

    /// <summary>The same with the mailbox connected and read.</summary>
    public static async Task<Premises> ConnectedAsync(PremisesOptions? options = null)
    {
        var premises = await OpenAsync(options);
        await premises.KeepAsync(premises.ConnectAsync());
        await premises.SettleAsync();
        return premises;
    }

    /// <summary>Takes a connection that was made as the one the test speaks of.</summary>
    public async Task KeepAsync(Task<Outcome<ConnectionId>> connecting) =>
        Connection = (await connecting).Expect();

    public ConnectionId Connection { get; private set; }

    public T Get<T>()
        where T : notnull => host!.Services.GetRequiredService<T>();

    public ValueTask<TenantScope> ScopeAsync() => Get<TenantScopes>().OpenAsync(Tenant, Cancellation);

    /// <summary>Opens a practice and signs its owner in.</summary>
    public async Task<SignedIn> FoundAsync(string practice, string name)
    {
        var password = new SecretText(Password);
        var order = new CreatePractice.Order(practice, "practice-os", "Olga Owner", name, password);
        (await Get<CreatePractice>().RunAsync(order, Cancellation)).Expect();
        return await SignInAsync(name);
    }

    public async Task<SignedIn> SignInAsync(string name)
    {
        var signedIn = (await Get<SignIn>().RunAsync(name, new SecretText(Password), Cancellation)).Expect();
        return (await Get<Sessions>().FindAsync(signedIn.Tenant, signedIn.Token, Cancellation)).Expect();
    }

    public Task<Outcome<ConnectionId>> ConnectAsync(Func<Consent, Consent>? change = null) =>
        Outside.ConnectAsync(this, Owner, change);

    /// <summary>Starts the program on the folder. A crashed one is started again by it.</summary>
    /// <param name="beforeCommit">Runs on every write to a tenant's store; may throw as a failing disk does.</param>
    /// <param name="replace">Puts other services in the place of the program's.</param>
    public async Task StartAsync(Action? beforeCommit = null, Action<IServiceCollection>? replace = null)
    {
        var grounds = await Grounds.OpenAsync(ProgramOptions(), Clock, NullLoggerFactory.Instance, Cancellation);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services
            .AddPracticPro(ProgramOptions(), grounds, Clock)
            .AddEmbeddedStorage(new EmbeddedStorageOptions { Folder = Folder, BeforeCommit = beforeCommit is null ? null : (_, _) => beforeCommit() })
            .AddHostedService<OutboxPump>();
        replace?.Invoke(builder.Services);
        host = builder.Build();
        Get<IVault>();
        await host.StartAsync(Cancellation);
    }

    /// <summary>Ends the program where it is: nothing under way is waited for, nothing is tidied up.</summary>
    public async Task CrashAsync()
    {
        if (host is not null)
        {
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await host.StopAsync(now.Token);
            await ((IAsyncDisposable)host).DisposeAsync();
            host = null;
        }
    }

    /// <summary>Looks for the texts in every file of the folder, in the spellings text is stored in.</summary>
    public void AssertNowhereInFolder(params string[] texts)
    {
        Assert.Null(host);
        var files = folder.GetFiles("*", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var bytes = File.ReadAllBytes(file.FullName);
            foreach (var text in texts)
            {
                Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) < 0, file.Name);
                Assert.True(bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)) < 0, file.Name);
                Assert.True(bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(text))[..^4])) < 0, file.Name);
            }
        }
    }

    public async Task RestartAsync()
    {
        await CrashAsync();
        await StartAsync();
    }

    /// <summary>Until the program has done all it can do without the clock moving.</summary>
    public Task SettleAsync() => SettleAsync(MostMoments);

    private async Task SettleAsync(int mostMoments)
    {
        using var patience = Deadline.Start(Cancellation);
        for (var moments = 0; ; moments++)
        {
            await Get<EmbeddedHub>().WhenIdleAsync(patience.Token);

            // An order that a crash left in somebody's hands is held until the clock moves: it is not waited for.
            if (await OrdersAsync(patience.Token) == 0 || moments == mostMoments)
            {
                await Get<EmbeddedHub>().WhenIdleAsync(patience.Token);
                if (await OrdersAsync(patience.Token) == 0 || moments == mostMoments)
                {
                    await AssertNoWorkflowFailedAsync(patience.Token);
                    return;
                }
            }

            await Deadline.MomentAsync(patience.Token);
        }
    }

    /// <summary>Until no workflow is under way, whatever lies in the outbox.</summary>
    public async Task IdleAsync()
    {
        using var patience = Deadline.Start(Cancellation);
        await Get<EmbeddedHub>().WhenIdleAsync(patience.Token);
    }

    /// <summary>Until it is so, in real time: for what happens while a call is under way.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = Deadline.Start(Cancellation);
        while (!isSo())
        {
            await Deadline.MomentAsync(patience.Token);
        }
    }

    /// <summary>
    /// Lets the program finish what it does, moves the clock, and lets it finish what that brought. What a timer starts on
    /// the way is let finish before the clock has gone far: a call of no duration must not run out of time.
    /// </summary>
    public async Task PassAsync(TimeSpan time)
    {
        await SettleAsync();
        while (time > TimeSpan.Zero)
        {
            var far = Clock.UntilNextTimer() is { } next && next > LongestMove ? next : LongestMove;
            var step = far < time ? far : time;
            Clock.Advance(step);
            time -= step;
            await SettleAsync(time > TimeSpan.Zero ? FewMoments : MostMoments);
        }
    }

    /// <summary>Moves the clock second by second, or in other steps, until it is so.</summary>
    public async Task PassUntilAsync(Func<Task<bool>> isSo, TimeSpan? step = null, int most = 600)
    {
        await SettleAsync();
        for (var steps = 0; !await isSo(); steps++)
        {
            Assert.True(steps < most, "It did not come to that.");
            await PassAsync(step ?? TimeSpan.FromSeconds(1));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CrashAsync();
        await Sandbox.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private async Task AssertNoWorkflowFailedAsync(CancellationToken cancellation)
    {
        var failed = await Get<HubClient>().ListAsync(
            new InstanceQuery(OrchestrationStatus.Failed), null, cancellation);
        Assert.Empty(failed.Items);
    }

    private async Task<long> OrdersAsync(CancellationToken cancellation)
    {
        var orders = 0L;
        await foreach (var tenant in Get<IFleet>().TenantsAsync(cancellation))
        {
            orders += await Get<IStorage>().For(tenant).Queue.CountAsync(WorkflowOutbox.Queue, cancellation);
        }

        return orders;
    }

    private ProgramOptions ProgramOptions() => new(
        new StandaloneOptions { Folder = Folder },
        new ClockOptions(),
        new EgressOptions
        {
            Timeout = options.EgressTimeout,
            Homes = new Dictionary<string, Uri>
            {
                [GoogleServices.Gmail.Name] = Sandbox.Address,
                [GoogleCalendarServices.Calendar.Name] = Sandbox.Address,
                [GoogleServices.Grants.Name] = Sandbox.Address,
                [GoogleServices.Keys.Name] = Sandbox.Address,
                [GoogleServices.Consent.Name] = Sandbox.Address,
                [IntuitServices.QuickBooks.Name] = Sandbox.Address,
                [IntuitServices.Grants.Name] = Sandbox.Address,
                [IntuitServices.Revocation.Name] = Sandbox.Address,
                [IntuitServices.Consent.Name] = Sandbox.Address,
                [MicrosoftServices.Graph.Name] = Sandbox.Address,
                [MicrosoftServices.Identity.Name] = Sandbox.Address,
            },
        },
        new SyncOptions
        {
            GoogleClientId = OAuthClient.Default.Key,
            GoogleClientSecret = new SecretText(OAuthClient.Default.Secret),
            RedirectUri = new Uri("http://127.0.0.1:9/connect/google/callback"),
            Clients = new Dictionary<string, ProviderClient>(options.Clients)
            {
                ["outlook"] = new()
                {
                    Id = PracticPro.Sandbox.Microsoft.Identity.MicrosoftClient.Default.Key,
                    Secret = new SecretText(PracticPro.Sandbox.Microsoft.Identity.MicrosoftClient.Default.Secret),
                    RedirectUri = new Uri("http://127.0.0.1:9/connect/outlook/callback"),
                },
                // Nobody is there: what the sandbox would send is handed over by the test.
                ["google-calendar"] = new() { WebhookAddress = new Uri("https://practice.example/webhooks/google-calendar") },
                ["quickbooks"] = new()
                {
                    Id = QuickBooksWorld.DefaultClient.Key,
                    Secret = new SecretText(QuickBooksWorld.DefaultClient.Secret),
                    RedirectUri = new Uri("http://127.0.0.1:9/connect/quickbooks/callback"),
                    WebhookKey = new SecretText(IntuitScheme.DefaultVerifier),
                },
            },
            PushTopic = options.PushTopic,
            PushAudience = PushAudience,
            PushServiceAccount = PushAccount,
            PollInterval = options.PollInterval,
            BetweenLooks = options.BetweenLooks,
            PageSize = options.PageSize,
            UnitsPerMinute = 15_000_000,
            ProjectUnitsPerMinute = 1_500_000_000,
            QuickBooksCallsPerSecond = 10_000,
            QuickBooksCallsPerMinute = 100_000,
        },
        new ApprovalOptions { UndoDelay = options.UndoDelay },
        new AccessOptions(),
        new PracticPro.Durable.Remote.SchedulerOptions(),
        new FunctionsOptions());
}
