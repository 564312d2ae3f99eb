using System.Collections.Concurrent;
using PracticPro.Durable;
using PracticPro.Durable.History;

namespace PracticPro.Tests.Durable;

/// <summary>The hub breaks before each of its writes in turn, and goes on from the disk.</summary>
public sealed class HubCrashTests
{
    private static readonly OrchestrationName<int, int> Parent = new("parent");
    private static readonly OrchestrationName<int, int> Child = new("child");
    private static readonly ActivityName<int, int> Work = new("work");
    private static readonly EventName<int> Go = new("go");
    private static readonly InstanceId One = InstanceId.Parse("one");

    [Theory]
    [InlineData(100, 1)]
    [InlineData(0, 4)] // Replays every turn, and takes its time; the writes are the same ones.
    public async Task A_crash_between_any_two_writes_loses_nothing_and_doubles_nothing(int cached, int step)
    {
        var survived = 0;
        for (var write = 1; await CrashesAsync(write, cached); write += step)
        {
            survived = write;
        }

        // The count says that the workload got through with the last hook unused, after crashes all along the way.
        Assert.InRange(survived, 40, 1_000);
    }

    [Fact]
    public async Task A_hub_that_broke_refuses_what_comes_after()
    {
        await using var hub = TestHub.OnDisk(Fill(new ConcurrentQueue<string>()));
        await hub.ReopenAsync(static () => throw new IOException("The disk is full."));
        await Assert.ThrowsAsync<HubStoppedException>(async () =>
            await hub.Client.StartAsync(Parent, One, 1, TestHub.Cancellation));
        await Assert.ThrowsAsync<HubStoppedException>(async () =>
            await hub.Client.GetStatusAsync(One, TestHub.Cancellation));
        await Assert.ThrowsAsync<IOException>(() => hub.Hub.Ended);
    }

    [Fact]
    public async Task A_second_hub_on_the_same_folder_is_refused()
    {
        await using var hub = TestHub.OnDisk(Fill(new ConcurrentQueue<string>()));
        var second = Record.Exception(() => PracticPro.Durable.Embedded.EmbeddedHub.Open(
            new DurableRegistry(), new NoServices(), new DurableOptions { Folder = hub.Folder }));
        Assert.IsType<HubInUseException>(second);
    }

    [Fact]
    public async Task A_hub_that_was_never_started_can_be_closed()
    {
        var hub = PracticPro.Durable.Embedded.EmbeddedHub.Open(
            new DurableRegistry(), new NoServices(), new DurableOptions());
        await hub.DisposeAsync();
        Assert.True(hub.Ended.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_reason_is_a_word_and_a_longer_text_never_reaches_the_hub()
    {
        await using var hub = TestHub.InMemory(Fill(new ConcurrentQueue<string>()));
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await hub.Client.TerminateAsync(One, new string('x', 101), false, TestHub.Cancellation));
        Assert.Null(await hub.Client.GetStatusAsync(One, TestHub.Cancellation));
    }

    [Fact]
    public async Task A_closed_hub_gives_its_folder_back()
    {
        await using var hub = TestHub.OnDisk(Fill(new ConcurrentQueue<string>()));
        await hub.Hub.StopAsync(TestHub.Cancellation);
        await hub.ReopenAsync();
        Assert.Null(await hub.Client.GetStatusAsync(One, TestHub.Cancellation));
    }

    /// <summary>True when the hook came to its turn.</summary>
    private static async Task<bool> CrashesAsync(int write, int cached)
    {
        var keys = new ConcurrentQueue<string>();
        var writes = 0;
        await using var hub = TestHub.OnDisk(Fill(keys), options => options.CachedInstances = cached, () =>
        {
            if (++writes == write)
            {
                throw new IOException("A crash of the test.");
            }
        });
        InstanceStatus end;
        try
        {
            end = await DriveAsync(hub);
        }
        catch (HubStoppedException)
        {
            await hub.ReopenAsync();
            end = await DriveAsync(hub);
        }

        Assert.Equal((OrchestrationStatus.Completed, "33"), (end.Status, end.Output));
        Assert.Equal(6, keys.Distinct().Count());
        return writes >= write;
    }

    /// <summary>What a client does, and would do again after a restart: each call is idempotent.</summary>
    private static async Task<InstanceStatus> DriveAsync(TestHub hub)
    {
        await hub.Client.StartAsync(Parent, One, 1, TestHub.Cancellation);
        await hub.Client.RaiseEventAsync(One, Go, 10, DeliveryId.Parse("d1"), TestHub.Cancellation);
        await hub.AdvanceAsync(TimeSpan.FromHours(1));
        return await hub.EndAsync(One);
    }

    private static Action<DurableRegistry> Fill(ConcurrentQueue<string> keys) => registry => registry
        .Activity(Work, (context, input) =>
        {
            keys.Enqueue(context.IdempotencyKey.Text);
            return input;
        })
        .Code(Child, async (context, input) =>
        {
            await context.CallActivityAsync(Work, 0);
            return input;
        })
        .Code(Parent, async (context, round) =>
        {
            var children = Enumerable.Range(1, 2).Select(number => context.CallSubOrchestrationAsync(Child, number));
            var sum = (await Task.WhenAll(children)).Sum();
            sum += await context.CallActivityAsync(Work, 10);
            if (round == 1)
            {
                context.ContinueAsNew(sum);
                return 0;
            }

            await context.CreateTimer(TimeSpan.FromMinutes(5), CancellationToken.None);
            return round + sum + await context.WaitForExternalEvent(Go, CancellationToken.None) - 3;
        });

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
