using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace PracticPro.Azurite.Node;

/// <summary>
/// Azurite as npm has it, fetched once into <c>.cache/azurite-3.37.0</c> of the checkout: exactly the packages of
/// <c>package-lock.json</c>, each held against its digest, none of their install scripts run.
/// </summary>
internal sealed record AzuritePackage(string Folder)
{
    public const string Version = "3.37.0";

    private const string EntryPoint = "node_modules/azurite/dist/src/azurite.js";
    private static readonly string Here = FolderOfThisFile();
    private static readonly SemaphoreSlim Fetching = new(1, 1);

    /// <summary>The script that is Azurite.</summary>
    public string Main => Path.Combine(Folder, EntryPoint);

    /// <summary>The script that has it end with its input.</summary>
    public static string EndWithInput => Path.Combine(Here, "Node", "end-with-input.cjs");

    /// <summary>The package, or why there is none: a sentence for a person.</summary>
    public static async Task<(AzuritePackage? Package, string? Missing)> TryFindAsync(CancellationToken cancellation)
    {
        if (await RunAsync("node", ["--version"], Here, cancellation) is not 0)
        {
            return (null, "node is not installed, and Azurite runs on it");
        }

        await Fetching.WaitAsync(cancellation);
        try
        {
            var package = new AzuritePackage(Path.Combine(Here, "..", "..", ".cache", $"azurite-{Version}"));
            return File.Exists(package.Main) || await FetchAsync(package, cancellation)
                ? (package, null)
                : (null, $"npm is not installed or could not fetch azurite {Version}");
        }
        finally
        {
            Fetching.Release();
        }
    }

    private static async Task<bool> FetchAsync(AzuritePackage package, CancellationToken cancellation)
    {
        // Under a name of its own until it is whole: a fetch that was cut short is not taken for the package.
        var work = Directory.CreateDirectory($"{package.Folder}.fetch.{Environment.ProcessId}");
        try
        {
            foreach (var file in (string[])["package.json", "package-lock.json"])
            {
                File.Copy(Path.Combine(Here, file), Path.Combine(work.FullName, file), overwrite: true);
            }

            string[] arguments = ["ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--silent"];
            if (await RunAsync("npm", arguments, work.FullName, cancellation) is not 0)
            {
                return false;
            }

            if (!Directory.Exists(package.Folder))
            {
                work.MoveTo(package.Folder);
            }

            return true;
        }
        catch (IOException) when (File.Exists(package.Main))
        {
            // Another process was quicker.
            return true;
        }
        finally
        {
            work.Refresh();
            if (Directory.Exists($"{package.Folder}.fetch.{Environment.ProcessId}"))
            {
                Directory.Delete($"{package.Folder}.fetch.{Environment.ProcessId}", recursive: true);
            }
        }
    }

    /// <summary>The exit code; null when there is no such program.</summary>
    private static async Task<int?> RunAsync(string program, string[] arguments, string folder, CancellationToken cancellation)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.StandardInput.Close();
            var said = Task.WhenAll(
                process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
            try
            {
                await process.WaitForExitAsync(cancellation);
                await said;
                return process.ExitCode;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static string FolderOfThisFile([CallerFilePath] string here = "") =>
        Path.GetDirectoryName(Path.GetDirectoryName(here))!;
}
