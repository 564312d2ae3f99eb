using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PracticPro.Azurite.Node;

/// <summary>
/// Azurite itself: its blob and queue services over TLS on ports of this machine that it chooses. Ends with whoever
/// started it, also when that one is killed: it reads from a pipe that only its starter holds open.
/// </summary>
internal sealed partial class NodeProcess : IAsyncDisposable
{
    private const string PidFile = "node.pid";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    private readonly Process process;

    private NodeProcess(Process process) => this.process = process;

    public Uri Blobs { get; private set; } = null!;

    public Uri Queues { get; private set; } = null!;

    public int Id => process.Id;

    /// <summary>Starts it and returns when both services answer.</summary>
    /// <param name="folder">Where it keeps everything. One that is still ending there is waited for.</param>
    /// <param name="certificate">PEM of the certificate; the key lies in <paramref name="key"/>.</param>
    /// <exception cref="IOException">It did not start.</exception>
    public static async Task<NodeProcess> StartAsync(
        AzuritePackage package, string folder, string certificate, string key, CancellationToken cancellation)
    {
        await WaitForFormerAsync(folder, cancellation);
        string[] arguments =
        [
            "--require", AzuritePackage.EndWithInput, package.Main,
            "--location", folder, "--skipApiVersionCheck", "--disableTelemetry", "--silent",
            "--blobHost", "127.0.0.1", "--blobPort", "0", "--queueHost", "127.0.0.1", "--queuePort", "0",
            // Azurite will have it; nothing of ours leads there.
            "--tableHost", "127.0.0.1", "--tablePort", "0",
            "--oauth", "basic", "--cert", certificate, "--key", key,
        ];
        var process = Process.Start(new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new IOException("node did not start.");
        var started = new NodeProcess(process);
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder, PidFile), process.Id.ToString(CultureInfo.InvariantCulture), cancellation);
            await started.ListenAsync(cancellation);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it in order: it writes what it holds in memory.</summary>
    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }

        process.Dispose();
    }

    private static async Task WaitForFormerAsync(string folder, CancellationToken cancellation)
    {
        var file = Path.Combine(folder, PidFile);
        if (!File.Exists(file) || !int.TryParse(await File.ReadAllTextAsync(file, cancellation), out var id))
        {
            return;
        }

        // A number may have gone to another program meanwhile: only one that runs Azurite is waited for.
        var since = TimeProvider.System.GetTimestamp();
        while (IsAzurite(id) && TimeProvider.System.GetElapsedTime(since) < Patience)
        {
            await Task.Delay(Moment, TimeProvider.System, cancellation);
        }
    }

    private static bool IsAzurite(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Contains("azurite.js", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task ListenAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        Uri? blobs = null;
        Uri? queues = null;
        while (blobs is null || queues is null)
        {
            var line = await process.StandardOutput.ReadLineAsync(patience.Token)
                ?? throw new IOException($"Azurite did not start: {(await errors).Trim()}");
            if (Listening().Match(line) is { Success: true } said)
            {
                var address = new Uri(said.Groups["address"].Value);
                (blobs, queues) = said.Groups["service"].Value == "Blob" ? (address, queues) : (blobs, address);
            }
        }

        (Blobs, Queues) = (blobs, queues);

        // Read on, so that it never waits for a full pipe.
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
    }

    [GeneratedRegex("^Azurite (?<service>Blob|Queue) service is successfully listening at (?<address>https://[^ ]+)")]
    private static partial Regex Listening();
}
