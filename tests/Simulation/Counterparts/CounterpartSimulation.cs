namespace PracticPro.Simulation.Counterparts;

/// <summary>
/// The whole program over the drivers for Azure, while the services it stands on die and stall at seeded moments. When
/// all is quiet: nothing lost, nothing sent twice or unapproved, the audit log whole; and the status names what is down.
/// </summary>
internal static class CounterpartSimulation
{
    public static Task<int> RunAsync(string[] words, CancellationToken cancellation) =>
        new SeededRuns("azure", 1, static (seed, folder, stop) => new CounterpartRun(seed, folder).RunAsync(stop))
            .RunAsync(words, cancellation);
}
