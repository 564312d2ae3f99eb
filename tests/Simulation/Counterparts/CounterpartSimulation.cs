namespace PracticPro.Simulation.Counterparts;

/// <summary>
/// The whole program over the drivers for Azure, while the services it stands on die and stall at seeded moments. When
/// all is quiet: nothing lost, nothing sent twice or unapproved, the audit log whole; and the status names what is down.
/// </summary>
internal static class CounterpartSimulation
{
    public static async Task<int> RunAsync(string[] words, CancellationToken cancellation)
    {
        // One identity for all runs: the library that signs in keeps its tokens as long as the process lives.
        var identity = Directory.CreateTempSubdirectory("azure-simulation-identity-").FullName;
        try
        {
            var runs = new SeededRuns("azure", 1, (seed, folder, stop) => new CounterpartRun(seed, folder, identity).RunAsync(stop));
            return await runs.RunAsync(words, cancellation);
        }
        finally
        {
            Directory.Delete(identity, recursive: true);
        }
    }
}
