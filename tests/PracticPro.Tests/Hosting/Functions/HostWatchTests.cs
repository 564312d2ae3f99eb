using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Cli;
using PracticPro.Hosting.Functions.Front;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Hosting.Functions;

public sealed class HostWatchTests
{
    private readonly FakeClock clock = new();
    private readonly Lifetime lifetime = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_front_ends_when_its_host_is_gone_and_not_before()
    {
        int? parent = 100;
        var looks = 0;
        var end = new FrontEnd(lifetime, clock, NullLogger<FrontEnd>.Instance);
        using var watch = new HostWatch(
            () =>
            {
                looks++;
                return parent;
            },
            end,
            clock);
        await watch.StartAsync(Cancellation);

        await UntilAsync(() => looks > 5);
        Assert.False(lifetime.HasStopped);
        parent = 1;
        await UntilAsync(() => lifetime.HasStopped);
        Assert.Equal(ExitCodes.HostGone, end.ExitCode);
    }

    [Fact]
    public async Task A_restart_waits_for_what_is_under_way_and_asks_the_host_for_another()
    {
        var end = new FrontEnd(lifetime, clock, NullLogger<FrontEnd>.Instance);
        var call = end.Begin();
        end.RestartSoon();
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.False(lifetime.HasStopped);

        call.Dispose();
        await UntilAsync(() => lifetime.HasStopped);
        Assert.Equal(ExitCodes.RestartWanted, end.ExitCode);
    }

    [Fact]
    public void This_process_has_a_parent() => Assert.True(HostWatch.ParentOfThisProcess() is null or > 0);

    private async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = Deadline.Start(Cancellation);
        while (!isSo())
        {
            clock.Advance(TimeSpan.FromMilliseconds(500));
            await Deadline.MomentAsync(patience.Token);
        }
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public bool HasStopped { get; private set; }

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => HasStopped = true;
    }
}
