using PracticPro.FunctionsHost.App;

namespace PracticPro.Tests.FunctionsHost;

/// <summary>Timer functions on a clock that moves when told.</summary>
public sealed class TimerTests
{
    [Fact]
    public async Task A_schedule_of_a_minute_is_remembered_and_shown_as_captured()
    {
        var golden = GoldenFiles.Read("timers.json")["timer-every-minute-with-monitor"]!;
        await using var rig = await Rig.StartAsync(_ => HandlerReply.Ok("{}"), [Timer("0 * * * * *")]);

        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await rig.IdleAsync();
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await rig.IdleAsync();

        Assert.Equal(
            [GoldenFiles.Masked(golden["first"]!.GetValue<string>()), GoldenFiles.Masked(golden["body"]!.GetValue<string>())],
            rig.Handler.Requests.Select(one => GoldenFiles.Masked(one.Text)));
        Assert.Contains("\"Last\":\"2026-11-22T05:32:00+00:00\",\"Next\":\"2026-11-22T05:33:00+00:00\"", rig.Handler.Requests.Last().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_that_runs_at_the_start_runs_once_without_a_status()
    {
        var golden = GoldenFiles.Read("timers.json")["timer-run-on-startup"]!["body"]!.GetValue<string>();
        var function = new Function("Warm", [Timer("0 0 0 1 1 *").Trigger.With("runOnStartup", true).With("useMonitor", false)]);

        await using var rig = await Rig.StartAsync(_ => HandlerReply.Ok("{}"), [function]);
        await rig.IdleAsync();

        Assert.Equal(GoldenFiles.Masked(golden), GoldenFiles.Masked(Assert.Single(rig.Handler.Requests).Text));
    }

    [Fact]
    public async Task A_call_that_was_missed_while_no_host_ran_is_made_up_for_as_past_due()
    {
        await using var rig = await Rig.StartAsync(_ => HandlerReply.Ok("{}"), [Timer("0 * * * * *")]);
        await rig.Host.StopAsync();
        rig.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(rig.Handler.Requests);

        await rig.Host.RestartAsync(TestContext.Current.CancellationToken);
        await rig.IdleAsync();

        Assert.Contains("\"IsPastDue\":true", Assert.Single(rig.Handler.Requests).Text, StringComparison.Ordinal);
    }

    private static Function Timer(string schedule) =>
        new("Tick", [Binding.Of("timerTrigger", "myTimer").With("schedule", schedule)]);
}
