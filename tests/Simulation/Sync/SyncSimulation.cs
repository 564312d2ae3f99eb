namespace PracticPro.Simulation.Sync;

/// <summary>
/// The whole program in this process, over loopback HTTP and its own store, while the provider fails and changes, the program
/// is dropped or loses its power before any write, and clocks are set. A seed draws the same life each time; in which order
/// parallel reads fall into it is the machine's.
/// </summary>
internal static class SyncSimulation
{
    private const int AtATime = 2;

    public static Task<int> RunAsync(string[] words, CancellationToken cancellation) =>
        new SeededRuns("sync", AtATime, static (seed, folder, stop) => new SyncRun(seed, folder).RunAsync(stop)) { TellsOfAll = false }
            .RunAsync(words, cancellation);
}
