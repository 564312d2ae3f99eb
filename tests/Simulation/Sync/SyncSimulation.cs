using System.Runtime.InteropServices;

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
        // The hosts that live here take such a signal for their own end only.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => ended.Cancel());
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => ended.Cancel());
        await using var practice = await OpenedPractice.MakeAsync(ended.Token);
        var runs = new SeededRuns(
            "sync", AtATime, async (seed, folder, stop) => await new SyncRun(seed, folder, practice).RunAsync(stop))
        {
            TellsOfAll = false,
        };
        try
        {
            return await runs.RunAsync(words, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return 143;
        }
    }
}
