using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace PracticPro.Interop;

/// <summary>Failures as a foreign worker tells them: they come back as they were said.</summary>
public sealed class TroubleTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private static readonly TaskOptions ThreeTries =
        TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromMilliseconds(1)));

    [Fact]
    public async Task A_failed_activity_keeps_type_message_and_inner_failure()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks => tasks
            .AddOrchestratorFunc("fails", context => context.CallActivityAsync("break"))
            .AddActivityFunc("break", _ => throw new InvalidOperationException("Outer: kaputt!", new ArgumentException("Inner ümlaut"))));

        var failure = (await stranger.RunAsync("fails")).FailureDetails!;

        Assert.Equal(typeof(TaskFailedException).FullName, failure.ErrorType);
        Assert.Contains("Outer: kaputt!", failure.ErrorMessage, StringComparison.Ordinal);
        Assert.NotNull(failure.StackTrace);
        Assert.Equal(typeof(InvalidOperationException).FullName, failure.InnerFailure!.ErrorType);
        Assert.Equal("Outer: kaputt!", failure.InnerFailure.ErrorMessage);
        Assert.Equal(typeof(ArgumentException).FullName, failure.InnerFailure.InnerFailure!.ErrorType);
        Assert.Equal("Inner ümlaut", failure.InnerFailure.InnerFailure.ErrorMessage);
    }

    [Fact]
    public async Task An_exception_of_the_orchestration_fails_it_with_its_words()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks => tasks
            .AddOrchestratorFunc("throws", _ => throw new NotSupportedException("not today")));

        var end = await stranger.RunAsync("throws");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal(typeof(NotSupportedException).FullName, end.FailureDetails!.ErrorType);
        Assert.Equal("not today", end.FailureDetails.ErrorMessage);
    }

    [Fact]
    public async Task An_activity_is_tried_as_often_as_its_policy_says()
    {
        var tries = 0;
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks => tasks
            .AddOrchestratorFunc<object?, int>("retries", (context, _) => context.CallActivityAsync<int>("third-time", ThreeTries))
            .AddActivityFunc<object?, int>("third-time", (_, _) => ++tries == 3 ? tries : throw new TimeoutException("again")));

        var end = await stranger.RunAsync("retries");

        Assert.Equal(3, end.ReadOutputAs<int>());
        Assert.Equal(3, tries);
    }

    [Fact]
    public async Task A_sub_orchestration_is_tried_again_and_its_failure_is_told()
    {
        var tries = 0;
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks => tasks
            .AddOrchestratorFunc("outer", context => context.CallSubOrchestratorAsync("inner", options: ThreeTries))
            .AddOrchestratorFunc("inner", _ =>
            {
                tries++;
                throw new FormatException("no shape");
            }));

        var failure = (await stranger.RunAsync("outer")).FailureDetails!;

        Assert.Equal(3, tries);
        Assert.Equal(typeof(TaskFailedException).FullName, failure.ErrorType);
        Assert.Equal("no shape", failure.InnerFailure!.ErrorMessage);
    }

    [Fact]
    public async Task A_name_the_worker_does_not_have_fails_and_is_not_tried_again()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks => tasks
            .AddOrchestratorFunc("asks", context => context.CallActivityAsync("nobody", options: ThreeTries)));

        var end = await stranger.RunAsync("asks");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal("ActivityTaskNotFound", end.FailureDetails!.InnerFailure!.ErrorType);
    }

    [Fact]
    public async Task A_failed_instance_can_be_rewound_and_does_only_what_failed_again()
    {
        var (good, bad) = (0, 0);
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks => tasks
            .AddOrchestratorFunc<object?, string>("mended", async (context, _) =>
                await context.CallActivityAsync<string>("good") + await context.CallActivityAsync<string>("bad"))
            .AddActivityFunc<object?, string>("good", (_, _) => $"good {++good} ")
            .AddActivityFunc<object?, string>("bad", (_, _) => ++bad > 1 ? $"bad {bad}" : throw new IOException("not yet")));
        var id = (await stranger.RunAsync("mended")).InstanceId;

        await stranger.Client.RewindInstanceAsync(id, "mended by hand", Stranger.Patience);
        var end = await stranger.EndAsync(id);

        Assert.Equal("good 1 bad 2", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Only_a_failed_instance_can_be_rewound()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks => tasks
            .AddOrchestratorFunc<object?, int>("fine", (_, _) => Task.FromResult(1)));
        var id = (await stranger.RunAsync("fine")).InstanceId;

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => stranger.Client.RewindInstanceAsync(id, "why", Stranger.Patience));
        await Assert.ThrowsAsync<ArgumentException>(
            () => stranger.Client.RewindInstanceAsync("nobody", "why", Stranger.Patience));
    }
}
