namespace PracticPro.Simulation.Crash;

/// <summary>
/// The whole program, killed with SIGKILL at seeded moments while it reads a mailbox that changes and sends what was
/// approved. When all is quiet the sandbox's books are compared with ours: nothing lost, nothing sent twice, nothing
/// sent that nobody approved, the audit log whole.
/// </summary>
internal static class CrashSimulation
{
    private const int AtATime = 2;

    public static Task<int> RunAsync(string[] words, CancellationToken cancellation) =>
        new SeededRuns("crash", AtATime, static (seed, folder, stop) => new CrashRun(seed, folder).RunAsync(stop))
            .RunAsync(words, cancellation);
}
