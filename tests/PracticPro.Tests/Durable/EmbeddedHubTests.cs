using PracticPro.Durable;
using PracticPro.Durable.History;

namespace PracticPro.Tests.Durable;

public sealed class EmbeddedHubTests
{
    private static readonly OrchestrationName<int, int> AddThree = new("add-three");
    private static readonly InstanceId One = InstanceId.Parse("one");

    [Fact]
    public async Task An_orchestration_runs_its_activities_in_sequence()
    {
        await using var hub = TestHub.InMemory(FillAddThree);
        Assert.Equal(13, await hub.RunAsync(AddThree, 10));
    }

    [Fact]
    public async Task An_orchestration_runs_the_same_when_every_turn_replays()
    {
        await using var hub = TestHub.InMemory(FillAddThree, options => options.CachedInstances = 0);
        Assert.Equal(13, await hub.RunAsync(AddThree, 10));
    }

    [Fact]
    public async Task A_second_start_of_an_instance_is_told_that_it_exists()
    {
        await using var hub = TestHub.OnDisk(FillAddThree);
        await hub.RunAsync(AddThree, 10);
        Assert.Equal(StartOutcome.AlreadyExists, await hub.Client.StartAsync(AddThree, One, 20, TestHub.Cancellation));
    }

    [Fact]
    public async Task A_completed_instance_is_still_known_after_a_restart()
    {
        await using var hub = TestHub.OnDisk(FillAddThree);
        await hub.RunAsync(AddThree, 10);
        await hub.ReopenAsync();
        var status = await hub.StatusAsync(One);
        Assert.Equal((OrchestrationStatus.Completed, "13"), (status.Status, status.Output));
    }

    private static void FillAddThree(DurableRegistry registry) => registry.WithAddOne().Code(
        AddThree,
        async (context, number) =>
        {
            number = await context.CallActivityAsync(Lambdas.AddOne, number);
            number = await context.CallActivityAsync(Lambdas.AddOne, number);
            return await context.CallActivityAsync(Lambdas.AddOne, number);
        });
}
