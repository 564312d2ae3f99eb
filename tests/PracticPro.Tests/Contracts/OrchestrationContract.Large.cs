using PracticPro.Durable;
using PracticPro.Tests.Durable;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Contracts;

public abstract partial class OrchestrationContract
{
    /// <summary>A text whose JSON is as large as a payload may be.</summary>
    private static readonly string Largest = new('x', (16 * 1024) - 2);

    [Fact]
    public async Task The_largest_input_status_and_new_input_come_through()
    {
        var name = new OrchestrationName<string, int>("large");
        await using var engine = await StartAsync(registry => registry.Code(name, (context, text) =>
        {
            context.SetCustomStatus(text);
            if (text[0] == 'x')
            {
                context.ContinueAsNew(text.Replace('x', 'y'));
            }

            return Task.FromResult(text.Length);
        }));
        await engine.StartAsync(name, One, Largest);
        var end = await engine.EndAsync(One);
        Assert.Equal(Largest.Length, engine.Output(name, end));
        Assert.Equal($"\"{Largest.Replace('x', 'y')}\"", end.CustomStatus);
    }

    [Fact]
    public async Task The_largest_event_comes_through()
    {
        await using var engine = await StartAsync((context, _) => context.WaitForExternalEvent(Word, Never));
        await engine.StartAsync(Told, One, 0);
        Assert.Equal(RaiseOutcome.Raised, await engine.RaiseAsync(One, Word, Largest, "d1"));
        Assert.Equal(Largest, engine.Output(Told, await engine.EndAsync(One)));
    }

    [Fact]
    public async Task Values_of_many_bytes_a_character_count_in_bytes_and_come_through()
    {
        var wide = new string('子', 5_000);
        await using var engine = await StartAsync((context, _) => context.WaitForExternalEvent(Word, Never));
        await engine.StartAsync(Told, One, 0);
        Assert.Equal(RaiseOutcome.TooLarge, await engine.RaiseAsync(One, Word, wide + wide, "d0"));
        var fits = new string('子', 2_000);
        Assert.Equal(RaiseOutcome.Raised, await engine.RaiseAsync(One, Word, fits, "d1"));
        Assert.Equal(fits, engine.Output(Told, await engine.EndAsync(One)));
    }

    [Fact]
    public async Task A_history_of_twenty_megabytes_works()
    {
        const int wave = 128;
        const int waves = 10;
        var fill = new ActivityName<int, string>("fill");
        await using var engine = await StartAsync(
            async (context, _) =>
            {
                // Each answer is 16 KiB in the history; what the code says last needs all of it replayed.
                var length = 0;
                for (var number = 0; number < waves; number++)
                {
                    var texts = await Task.WhenAll(
                        Enumerable.Repeat(0, wave).Select(one => context.CallActivityAsync(fill, one)));
                    length += texts.Sum(text => text.Length);
                }

                context.SetCustomStatus("full");
                await context.WaitForExternalEvent(Go, Never);
                return length;
            },
            registry => registry.Activity(fill, (_, _) => Largest));
        await engine.StartAsync(Whole, One, 0);
        await Deadline.UntilAsync(
            async () => (await engine.StatusAsync(One)).CustomStatus is not null,
            TimeSpan.FromMinutes(3),
            Cancellation);
        await engine.RestartWorkerAsync();
        await engine.RaiseAsync(One, Go, 0, "d1");
        Assert.Equal(wave * waves * Largest.Length, engine.Output(Whole, await engine.EndAsync(One)));
    }

    [Fact]
    public async Task A_thousand_activities_of_one_turn_are_all_done()
    {
        await using var engine = await StartAsync(
            async (context, width) => (await Task.WhenAll(
                Enumerable.Repeat(0, width).Select(one => context.CallActivityAsync(Lambdas.AddOne, one)))).Sum(),
            AddOne);
        await engine.StartAsync(Whole, One, 1_000);
        Assert.Equal(1_000, engine.Output(Whole, await engine.EndAsync(One)));
    }
}
