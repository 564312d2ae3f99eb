using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using PracticPro.Durable;
using PracticPro.Hosting.Poison;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Tests.Support;
using PracticPro.Tests.Web;
using Paging = PracticPro.Storage.Paging;

namespace PracticPro.Tests.Hosting.Poison;

public sealed class PoisonWatchTests : IDisposable
{
    private static readonly TenantId One = TenantId.Parse("one");
    private static readonly TenantId Two = TenantId.Parse("two");

    private readonly FakeClock clock = new();
    private readonly KeptLog log = new();
    private readonly QueuesOfTest platform = new();
    private readonly FleetOfTest fleet = new(One, Two);
    private readonly MemoryStorage storage;
    private readonly PoisonWatch watch;
    private int orders;

    public PoisonWatchTests()
    {
        storage = new MemoryStorage(clock);
        watch = new PoisonWatch(
            fleet, storage, platform, clock, LoggerFactory.Create(logging => logging.AddProvider(log)).CreateLogger<PoisonWatch>());
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private int Pages => log.Lines.Count(line => line.Contains($" {Paging.EventId} {Paging.Words}", StringComparison.Ordinal));

    public void Dispose() => watch.Dispose();

    [Fact]
    public async Task A_rise_pages_once_and_again_every_hour_while_it_stays()
    {
        await watch.LookAsync(Cancellation);
        Assert.Equal(0, Pages);
        await PoisonAsync(One);
        await watch.LookAsync(Cancellation);
        await watch.LookAsync(Cancellation);
        Assert.Equal(1, Pages);
        clock.Advance(TimeSpan.FromMinutes(61));
        await watch.LookAsync(Cancellation);
        Assert.Equal(2, Pages);
        await storage.For(One).Queue.ReplayPoisonAsync(WorkflowOutbox.Queue, Cancellation);
        clock.Advance(TimeSpan.FromMinutes(61));
        await watch.LookAsync(Cancellation);
        Assert.Equal(2, Pages);
    }

    [Fact]
    public async Task A_second_rise_pages_at_once()
    {
        await PoisonAsync(One);
        await watch.LookAsync(Cancellation);
        await PoisonAsync(One);
        await watch.LookAsync(Cancellation);

        Assert.Equal(2, Pages);
        Assert.Contains("2 messages", log.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_tenants_rise_is_not_hidden_by_anothers_fall()
    {
        await PoisonAsync(One);
        await watch.LookAsync(Cancellation);
        await storage.For(One).Queue.ReplayPoisonAsync(WorkflowOutbox.Queue, Cancellation);
        await PoisonAsync(Two);
        await watch.LookAsync(Cancellation);

        Assert.Equal(2, Pages);
    }

    [Fact]
    public async Task The_platforms_queues_page_as_well()
    {
        platform.Counts[PlatformQueues.WebhookBuffer] = 3;
        await watch.LookAsync(Cancellation);

        Assert.Equal(1, Pages);
        Assert.Contains(PlatformQueues.WebhookBuffer, log.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queues_that_cannot_be_asked_are_neither_a_rise_nor_a_fall()
    {
        platform.Counts[PlatformQueues.WebhookBuffer] = 3;
        await watch.LookAsync(Cancellation);
        platform.IsDown = true;
        await watch.LookAsync(Cancellation);
        platform.IsDown = false;
        await watch.LookAsync(Cancellation);

        Assert.Equal(1, Pages);
    }

    [Fact]
    public async Task A_rise_in_a_look_that_broke_off_is_told_by_the_next()
    {
        await PoisonAsync(One);
        await watch.LookAsync(Cancellation);
        await PoisonAsync(One);
        fleet.BreaksOff = true;
        await watch.LookAsync(Cancellation);
        Assert.Equal(1, Pages);
        fleet.BreaksOff = false;
        await watch.LookAsync(Cancellation);

        Assert.Equal(2, Pages);
    }

    [Fact]
    public async Task One_tenants_damaged_store_hides_nothing_of_the_others()
    {
        platform.Counts[PlatformQueues.WebhookBuffer] = 3;
        await PoisonAsync(Two);
        using var other = new PoisonWatch(
            fleet, new DamagedFor(One, storage), platform, clock, LoggerFactory.Create(logging => logging.AddProvider(log)).CreateLogger<PoisonWatch>());
        await other.LookAsync(Cancellation);

        Assert.Equal(2, Pages);
    }

    [Fact]
    public async Task A_page_names_no_practice()
    {
        await PoisonAsync(TenantId.Parse("one"));
        await watch.LookAsync(Cancellation);

        Assert.DoesNotContain("one ", log.Lines[^1].Replace("Poison", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_meter_shows_how_many_wait()
    {
        await PoisonAsync(One);
        await PoisonAsync(Two);
        await watch.LookAsync(Cancellation);
        var shown = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, hearing) =>
        {
            if (watch.Owns(instrument.Meter) && instrument.Name == Paging.Poison)
            {
                hearing.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) => shown[(string)tags[0].Value!] = count);
        listener.Start();
        listener.RecordObservableInstruments();

        Assert.Equal(2, shown[WorkflowOutbox.Queue.Text]);
    }

    [Fact]
    public void Every_queue_of_a_tenant_is_watched()
    {
        const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        var named = typeof(QueueName).Assembly.GetTypes()
            // The drill's own queue lives in a store that the drill makes and throws away.
            .Where(static type => type.Namespace != "PracticPro.Cli.Drill")
            .SelectMany(type => type.GetFields(Any))
            .Where(field => field.FieldType == typeof(QueueName))
            .Select(field => (QueueName)field.GetValue(null)!)
            .ToHashSet();

        Assert.NotEmpty(named);
        Assert.Equal(named, PoisonWatch.OfTenants.ToHashSet());
    }

    [Fact]
    public async Task A_person_sees_whose_they_are_and_has_them_tried_again()
    {
        await PoisonAsync(One);
        await PoisonAsync(Two);
        platform.Counts[PlatformQueues.WebhookBuffer] = 3;
        var poison = new ReplayPoison(new FleetOfTest(One, Two), storage, platform);

        Assert.Equal(
            [new(One.Text, "workflow-orders", 1), new(Two.Text, "workflow-orders", 1), new("platform", "webhook-buffer", 3)],
            await poison.ListAsync([], Cancellation).ToListAsync(Cancellation));
        Assert.Equal(
            [new(Two.Text, "workflow-orders", 1)], await poison.RunAsync([Two], Cancellation).ToListAsync(Cancellation));
        Assert.Equal(2, await poison.RunAsync([], Cancellation).CountAsync(Cancellation));
        Assert.Empty(await poison.ListAsync([], Cancellation).ToListAsync(Cancellation));
        Assert.Equal(1, await storage.For(One).Queue.CountAsync(WorkflowOutbox.Queue, Cancellation));
    }

    /// <summary>One more order that was handed out five times.</summary>
    private async Task PoisonAsync(TenantId tenant)
    {
        var queue = storage.For(tenant).Queue;
        await storage.For(tenant).Documents.CommitAsync(
            new Batch([new Operation.Enqueue(WorkflowOutbox.Queue, new QueueMessage("{}"u8.ToArray(), (++orders).ToString(CultureInfo.InvariantCulture)))]),
            Cancellation);
        for (var delivery = 0; delivery < IQueue.MaximumDeliveries; delivery++)
        {
            await queue.ReceiveAsync(WorkflowOutbox.Queue, 10, TimeSpan.FromSeconds(1), Cancellation);
            clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private sealed class FleetOfTest(params TenantId[] tenants) : IFleet
    {
        public bool BreaksOff { get; set; }

        public async IAsyncEnumerable<TenantId> TenantsAsync([EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.Yield();
            foreach (var tenant in tenants)
            {
                yield return tenant;
            }

            if (BreaksOff)
            {
                throw new StorageUnavailableException("the account is busy");
            }
        }

        public ValueTask<FleetEntry?> FindAsync(FleetKey key, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<bool> ClaimAsync(FleetKey key, FleetEntry entry, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask ReleaseAsync(FleetKey key, FleetEntry entry, CancellationToken cancellation) => throw new NotSupportedException();
    }

    private sealed class DamagedFor(TenantId damaged, IStorage inner) : IStorage
    {
        public ITenantStorage For(TenantId tenant) =>
            tenant == damaged ? throw new StorageCorruptException("it is not a database") : inner.For(tenant);
    }

    private sealed class QueuesOfTest : IPlatformQueues
    {
        public Dictionary<string, long> Counts { get; } = PlatformQueues.All.ToDictionary(queue => queue, _ => 0L);

        public bool IsDown { get; set; }

        public IReadOnlyList<string> Names => PlatformQueues.All;

        public ValueTask<long> CountPoisonAsync(string queue, CancellationToken cancellation) =>
            IsDown ? throw new StorageUnavailableException("the account is busy") : ValueTask.FromResult(Counts[queue]);

        public ValueTask<int> ReplayPoisonAsync(string queue, CancellationToken cancellation)
        {
            var count = (int)Counts[queue];
            Counts[queue] = 0;
            return ValueTask.FromResult(count);
        }
    }
}
