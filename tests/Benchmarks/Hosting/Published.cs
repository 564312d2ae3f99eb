using System.Diagnostics;

namespace PracticPro.Benchmarks.Hosting;

/// <summary>
/// What is published for measuring, made on first use under <c>.cache/bench</c> and kept. Delete the folder to measure
/// what the sources have become since.
/// </summary>
internal static class Published
{
    private const string Home = ".cache/bench";

    /// <summary>The program as <c>scripts/publish</c> makes it.</summary>
    public static Task<string> ProgramAsync(CancellationToken cancellation) => MakeAsync(
        $"{Home}/program/PracticPro/PracticPro",
        "bash",
        ["scripts/publish", $"{Home}/program"],
        cancellation);

    /// <summary>The empty program, made the same way.</summary>
    public static Task<string> EmptyServerAsync(CancellationToken cancellation) => MakeAsync(
        $"{Home}/empty/EmptyServer",
        "dotnet",
        [
            "publish", "tests/EmptyServer/EmptyServer.csproj", "-c", "Release", "-r", "linux-x64", "--self-contained",
            "-v", "quiet", "-p:PublishReadyToRun=true", "-p:UseSharedCompilation=false", "-o", $"{Home}/empty",
        ],
        cancellation);

    private static async Task<string> MakeAsync(string made, string program, string[] words, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(made);
        if (File.Exists(path))
        {
            Console.Error.WriteLine($"Measures {made} as it is; without it, it would be published anew.");
            return path;
        }

        Console.Error.WriteLine($"Publishes {made}");
        var start = new ProcessStartInfo(program, words) { RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 && File.Exists(path)
            ? path
            : throw new InvalidOperationException($"{made} could not be published.");
    }
}
