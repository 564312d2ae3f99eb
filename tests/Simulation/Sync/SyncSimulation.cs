namespace PracticPro.Simulation.Sync;

/// <summary>
/// The whole program in this process, over loopback HTTP and its own store, while the provider fails and changes, the program
/// is dropped or loses its power before any write, and clocks are set. A seed draws the same life each time; in which order
/// parallel reads fall into it is the machine's.
/// </summary>
internal static class SyncSimulation
{
    private const int AtATime = 3;

    public static async Task<int> RunAsync(string[] words, CancellationToken cancellation)
    {
        await using var practice = await OpenedPractice.MakeAsync(cancellation);
        var runs = new SeededRuns(
            "sync", AtATime, async (seed, folder, stop) => await new SyncRun(seed, folder, practice).RunAsync(stop))
        {
            TellsOfAll = false,
        };
        return await runs.RunAsync(words, cancellation);
    }
}
