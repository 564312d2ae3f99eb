using System.Collections.Concurrent;
using PracticPro.Durable;
using PracticPro.Durable.History;
using PracticPro.Tests.Contracts;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Durable.Serve;

/// <summary>
/// What a lost worker costs on an engine that hands its work out: time. The same losses that fail instances under a
/// Functions host fail none here, and nobody has to mend anything.
/// </summary>
public sealed class LostWorkerTests
{
    private static readonly OrchestrationName<int, int> Walk = new("walk");
    private static readonly ActivityName<int, bool> Post = new("post");

    [Fact]
    public async Task A_worker_lost_in_the_middle_of_steps_fails_nothing_and_each_is_delivered_again_under_its_key()
    {
        var keys = new ConcurrentDictionary<string, ConcurrentBag<string>>();
        var lost = new TaskCompletionSource();
        await using var engine = await ServedEngine.StartAsync(
            registry => Fill(registry, async (context, step) =>
            {
                var deliveries = keys.GetOrAdd($"{context.InstanceId}/{step}", _ => []);
                deliveries.Add(context.IdempotencyKey.Text);
                if (deliveries.Count == 1 && step == 1)
                {
                    // The answer of this delivery never comes: its worker is gone before.
                    await lost.Task;
                }

                return true;
            }),
            workers: 1);
        var ids = await StartAllAsync(engine);
        await Deadline.UntilAsync(() => keys.Count(step => step.Key.EndsWith("/1", StringComparison.Ordinal)) == ids.Count, EngineMoves.Cancellation);
        await engine.RestartWorkerAsync();
        await AssertAllCompleteAsync(engine, ids);
        lost.SetResult();
        Assert.Equal(3 * ids.Count, keys.Count);
        Assert.All(keys.Values, step => Assert.Single(step.Distinct()));
    }

    [Fact]
    public async Task A_worker_lost_again_and_again_at_any_moment_fails_nothing()
    {
        var done = new ConcurrentDictionary<string, bool>();
        await using var engine = await ServedEngine.StartAsync(
            registry => Fill(registry, (context, step) => Task.FromResult(done.TryAdd($"{context.InstanceId}/{step}", true))),
            workers: 2);
        var ids = await StartAllAsync(engine);
        for (var loss = 0; loss < 10; loss++)
        {
            await engine.RestartWorkerAsync();
            await Deadline.MomentAsync(EngineMoves.Cancellation);
        }

        await AssertAllCompleteAsync(engine, ids);
        Assert.Equal(3 * ids.Count, done.Count);
    }

    private static void Fill(DurableRegistry registry, Func<ActivityContext, int, Task<bool>> post) => registry
        .Activity(Post, (context, step, _) => post(context, step))
        .Code(Walk, async (context, steps) =>
        {
            for (var step = 0; step < steps; step++)
            {
                await context.CallActivityAsync(Post, step);
            }

            return steps;
        });

    private static async Task<List<InstanceId>> StartAllAsync(ServedEngine engine)
    {
        var ids = Enumerable.Range(0, 6).Select(number => InstanceId.Parse($"practice-here:walk-{number}")).ToList();
        foreach (var id in ids)
        {
            await engine.StartAsync(Walk, id, 3);
        }

        return ids;
    }

    private static async Task AssertAllCompleteAsync(ServedEngine engine, List<InstanceId> ids)
    {
        foreach (var id in ids)
        {
            Assert.Equal(OrchestrationStatus.Completed, (await engine.EndAsync(id)).Status);
        }
    }
}
