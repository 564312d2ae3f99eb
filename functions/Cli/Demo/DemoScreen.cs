using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace PracticPro.Cli.Demo;

/// <summary>
/// What a person watching the demo sees: a line a step, and a bar where something takes a while. Where there is no
/// terminal the bar is a plain line every now and then.
/// </summary>
internal sealed class DemoScreen(TextWriter output, bool isTerminal)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(3);

    /// <summary>How far something is.</summary>
    /// <param name="Total">May grow on the way, or be what a provider guesses; 0 where nobody says.</param>
    internal readonly record struct Stand(int Done, int Total, bool Finished)
    {
        /// <summary>Without the total where it tells nothing.</summary>
        public override string ToString() => Total >= Done
            ? string.Create(CultureInfo.InvariantCulture, $"{Done} of {Total}")
            : Done.ToString(CultureInfo.InvariantCulture);
    }

    public Task SayAsync(FormattableString sentence) =>
        output.WriteLineAsync(sentence.ToString(CultureInfo.InvariantCulture));

    /// <summary>Looks again and again until it is finished.</summary>
    /// <exception cref="TimeoutException">It was not in time.</exception>
    public async Task WatchAsync(
        string what, Func<Task<Stand>> look, TimeSpan patience, CancellationToken cancellation)
    {
        if (!isTerminal)
        {
            await PlainAsync(what, look, patience, cancellation);
            return;
        }

        await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(async bars =>
            {
                var bar = bars.AddTask(Markup.Escape(what));
                await LoopAsync(
                    look,
                    stand =>
                    {
                        bar.MaxValue = Math.Max(1, stand.Total);
                        bar.Value = stand.Finished ? bar.MaxValue : stand.Done;
                        return Task.CompletedTask;
                    },
                    patience,
                    cancellation);
            });
    }

    private async Task PlainAsync(string what, Func<Task<Stand>> look, TimeSpan patience, CancellationToken cancellation)
    {
        var last = Stopwatch.StartNew();
        await LoopAsync(
            look,
            async stand =>
            {
                if (stand.Finished || last.Elapsed > BetweenLines)
                {
                    last.Restart();
                    await output.WriteLineAsync($"  {what}: {stand}");
                }
            },
            patience,
            cancellation);
    }

    private static async Task LoopAsync(
        Func<Task<Stand>> look, Func<Stand, Task> show, TimeSpan patience, CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var stand = await look();
            await show(stand);
            if (stand.Finished)
            {
                return;
            }

            if (waited.Elapsed > patience)
            {
                throw new TimeoutException("The demo waited too long.");
            }

            await Task.Delay(Glance, TimeProvider.System, cancellation);
        }
    }
}
