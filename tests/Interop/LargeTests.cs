namespace PracticPro.Interop;

/// <summary>What others store may be large.</summary>
public sealed class LargeTests(HubFixture fixture) : IClassFixture<HubFixture>
{
    private static string Text(int bytes) => new('x', bytes);

    [Fact]
    public async Task Inputs_events_and_outputs_of_a_megabyte_come_through()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks => tasks
            .AddOrchestratorFunc<string, string>("large", async (context, text) =>
            {
                context.SetCustomStatus(text);
                text += await context.WaitForExternalEvent<string>("more");
                return await context.CallActivityAsync<string>("echo", text);
            })
            .AddActivityFunc<string, string>("echo", (_, text) => text));
        var id = await stranger.Client.ScheduleNewOrchestrationInstanceAsync("large", Text(500_000), Stranger.Patience);

        await stranger.Client.RaiseEventAsync(id, "more", Text(500_000), Stranger.Cancellation);

        Assert.Equal(1_000_000, (await stranger.EndAsync(id)).ReadOutputAs<string>()!.Length);
    }

    [Fact]
    public async Task A_history_of_twenty_megabytes_is_taken_in_chunks()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks => tasks
            .AddOrchestratorFunc<object?, long>("heavy", async (context, _) =>
            {
                var length = 0L;
                for (var step = 0; step < 20; step++)
                {
                    length += (await context.CallActivityAsync<string>("megabyte")).Length;
                }

                return length;
            })
            .AddActivityFunc<object?, string>("megabyte", (_, _) => Text(1 << 20)));

        var end = await stranger.RunAsync("heavy");

        Assert.Equal(20L << 20, end.ReadOutputAs<long>());
    }

    [Fact]
    public async Task An_answer_in_several_pieces_is_taken_whole()
    {
        await using var stranger = await Stranger.ConnectAsync(fixture.Hub, tasks => tasks
            .AddOrchestratorFunc<object?, int>("wide", async (context, _) =>
                (await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => context.CallActivityAsync<int>("length", Text(1 << 20))))).Sum())
            .AddActivityFunc<string, int>("length", (_, text) => text.Length));

        var end = await stranger.RunAsync("wide");

        Assert.Equal(12 << 20, end.ReadOutputAs<int>());
    }
}
