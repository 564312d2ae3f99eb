using PracticPro.Durable;
using PracticPro.Durable.History;

namespace PracticPro.Tests.Durable;

/// <summary>Timers on a clock that is moved by hand, also the wrong way.</summary>
public sealed class HubTimerTests
{
    private static readonly OrchestrationName<TimeSpan, List<DateTimeOffset>> Wait = new("wait");
    private static readonly InstanceId One = InstanceId.Parse("one");

    [Fact]
    public async Task A_timer_that_fell_due_while_the_hub_was_closed_fires_at_the_start()
    {
        await using var hub = TestHub.OnDisk(Fill);
        await StartAsync(hub, TimeSpan.FromHours(5));
        await hub.IdleAsync();
        await hub.Hub.StopAsync(TestHub.Cancellation);
        hub.Clock.Advance(TimeSpan.FromHours(6));
        await hub.ReopenAsync();
        Assert.Equal(OrchestrationStatus.Completed, (await hub.EndAsync(One)).Status);
    }

    [Fact]
    public async Task A_clock_set_back_delays_a_timer_and_fires_it_once()
    {
        await using var hub = TestHub.InMemory(Fill);
        await StartAsync(hub, TimeSpan.FromHours(1));
        await hub.IdleAsync();
        hub.Clock.Set(hub.Clock.GetUtcNow().AddHours(-2));
        await hub.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(OrchestrationStatus.Running, (await hub.StatusAsync(One)).Status);
        await hub.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal(2, HubClient.OutputOf(Wait, await hub.EndAsync(One)).Count);
    }

    [Fact]
    public async Task A_clock_set_forward_is_noticed_within_a_minute()
    {
        await using var hub = TestHub.InMemory(Fill);
        await StartAsync(hub, TimeSpan.FromDays(1));
        await hub.IdleAsync();
        hub.Clock.Set(hub.Clock.GetUtcNow().AddDays(2));
        hub.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(OrchestrationStatus.Completed, (await hub.EndAsync(One)).Status);
    }

    [Fact]
    public async Task The_time_of_an_instance_never_goes_back()
    {
        await using var hub = TestHub.InMemory(Fill);
        await StartAsync(hub, TimeSpan.FromHours(1));
        await hub.AdvanceAsync(TimeSpan.FromHours(1));
        var times = HubClient.OutputOf(Wait, await hub.EndAsync(One));
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public async Task A_thousand_timers_due_at_once_all_fire()
    {
        await using var hub = TestHub.InMemory(Fill);
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(number => hub.Client.StartAsync(
            Wait, InstanceId.Parse($"t{number}"), TimeSpan.FromHours(1), TestHub.Cancellation).AsTask()));
        await hub.AdvanceAsync(TimeSpan.FromHours(1));
        var running = new InstanceQuery(OrchestrationStatus.Running);
        Assert.Empty((await hub.Client.ListAsync(running, null, TestHub.Cancellation)).Items);
    }

    private static async Task StartAsync(TestHub hub, TimeSpan delay) =>
        await hub.Client.StartAsync(Wait, One, delay, TestHub.Cancellation);

    private static void Fill(DurableRegistry registry) => registry.Code(Wait, async (context, delay) =>
    {
        var before = context.CurrentUtcTime;
        await context.CreateTimer(delay, CancellationToken.None);
        return [before, context.CurrentUtcTime];
    });
}
