using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Access;
using PracticPro.Approvals;
using PracticPro.Durable;
using PracticPro.Durable.Embedded;
using PracticPro.Durable.Remote;
using PracticPro.Egress;
using PracticPro.Hosting;
using PracticPro.Hosting.Functions;
using PracticPro.Hosting.Standalone;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Sync;

namespace PracticPro.Simulation.Sync;

/// <summary>
/// The whole program below its HTTP face, in this process, over a folder: it can be dropped where it is, or lose its power
/// before any write, and is built again over what it left.
/// </summary>
internal sealed class SyncProgram(string folder, Uri outside, DrivenClock clock, SyncOptions sync) : IAsyncDisposable
{
    /// <summary>
    /// No answer is waited for longer than that. Nothing in a run is that slow; the driven clock runs ahead of a busy machine.
    /// </summary>
    public static readonly TimeSpan LongestAnswer = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);
    private const int MostLooksAtOrders = 25;

    private IHost? host;
    private volatile bool runs;

    public Power Power { get; private set; } = new();

    public DrivenClock Clock => clock;

    /// <summary>Started, not dropped since, and with power.</summary>
    public bool IsUp => runs && !Power.IsOff;

    public T Get<T>()
        where T : notnull => host!.Services.GetRequiredService<T>();

    public async Task StartAsync(CancellationToken cancellation)
    {
        Power = new Power();
        var grounds = await Grounds.OpenAsync(Options(), clock, NullLoggerFactory.Instance, cancellation);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services
            .AddPracticPro(Options(), grounds, clock)
            .AddEmbeddedStorage(new EmbeddedStorageOptions { Folder = folder, BeforeCommit = (_, _) => Power.OnWrite() })
            .AddSingleton(provider => EmbeddedHub.Open(
                provider.GetRequiredService<DurableRegistry>(), provider, new DurableOptions { Folder = folder }, () => Power.OnWrite()))
            .AddHostedService<OutboxPump>();
        host = builder.Build();
        await host.StartAsync(cancellation);
        runs = true;
    }

    /// <summary>Ends it where it is: nothing under way is waited for, nothing is tidied up.</summary>
    public async Task CrashAsync()
    {
        runs = false;
        if (host is not null)
        {
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await host.StopAsync(now.Token);
            await ((IAsyncDisposable)host).DisposeAsync();
            host = null;
        }
    }

    public async Task RestartAsync(CancellationToken cancellation)
    {
        await CrashAsync();
        await StartAsync(cancellation);
    }

    /// <summary>
    /// Until the program has done all it can do without the clock moving, or has no power. Who waits for the clock within a
    /// step is given time.
    /// </summary>
    public async Task SettleAsync(TenantId tenant, CancellationToken cancellation)
    {
        var since = Stopwatch.StartNew();
        for (var looks = 0; looks < MostLooksAtOrders && !Power.IsOff;)
        {
            var idle = Get<EmbeddedHub>().WhenIdleAsync(cancellation);
            await Task.WhenAny(idle, Power.Gone, Task.Delay(Glance, TimeProvider.System, cancellation));
            if (!idle.IsCompleted)
            {
                clock.Advance(Power.IsOff ? TimeSpan.Zero : Step);
                if (since.Elapsed > Patience)
                {
                    throw new InvalidOperationException("The program does not come to rest.");
                }

                continue;
            }

            // An order that a crash left in somebody's hands is held until the clock moves: it is not waited for.
            if (await OrdersAsync(tenant, cancellation) == 0 && await IsIdleAsync(cancellation))
            {
                return;
            }

            looks++;
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellation);
        }
    }

    /// <summary>No call to a provider is under way, as far as can be told at once.</summary>
    public async Task<bool> IsIdleAsync(CancellationToken cancellation)
    {
        var idle = Get<EmbeddedHub>().WhenIdleAsync(cancellation);
        await Task.WhenAny(idle, Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellation));
        return idle.IsCompletedSuccessfully;
    }

    public async ValueTask DisposeAsync() => await CrashAsync();

    private async Task<long> OrdersAsync(TenantId tenant, CancellationToken cancellation)
    {
        try
        {
            return await Get<IStorage>().For(tenant).Queue.CountAsync(WorkflowOutbox.Queue, cancellation);
        }
        catch (Exception) when (Power.IsOff)
        {
            return 0;
        }
    }

    private ProgramOptions Options() => new(
        new StandaloneOptions { Folder = folder },
        new ClockOptions(),
        new EgressOptions
        {
            Timeout = LongestAnswer,
            Homes = new Dictionary<string, Uri>
            {
                [GoogleServices.Gmail.Name] = outside,
                [GoogleServices.Grants.Name] = outside,
                [GoogleServices.Keys.Name] = outside,
                [GoogleServices.Consent.Name] = outside,
                [GoogleCalendarServices.Calendar.Name] = outside,
                [IntuitServices.QuickBooks.Name] = outside,
                [IntuitServices.Grants.Name] = outside,
                [IntuitServices.Revocation.Name] = outside,
                [IntuitServices.Consent.Name] = outside,
                [MicrosoftServices.Graph.Name] = outside,
                [MicrosoftServices.Identity.Name] = outside,
            },
        },
        sync,
        new ApprovalOptions(),
        new AccessOptions(),
        new SchedulerOptions(),
        new FunctionsOptions());
}
