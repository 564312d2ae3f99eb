using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PracticPro.Interop;

/// <summary>
/// A really running <c>hub serve</c> on a scratch folder. It can be killed, and started again on the same folder and port.
/// </summary>
public sealed class HubProcess : IAsyncDisposable
{
    private const string Line = "hub listening on ";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("practicpro-interop-");
    private Process? process;

    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    public static async Task<HubProcess> StartAsync()
    {
        var hub = new HubProcess();
        await hub.StartAgainAsync();
        return hub;
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    public async Task StartAgainAsync()
    {
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        string[] words =
        [
            Path.Combine(AppContext.BaseDirectory, "PracticPro.dll"), "hub", "serve", "--until-input-ends",
            "--port", Address.Port.ToString(CultureInfo.InvariantCulture), "--Standalone:Folder", folder.FullName,
        ];
        process = Process.Start(new ProcessStartInfo(dotnet, words)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("The hub did not start.");
        var said = await process.StandardOutput.ReadLineAsync() ?? "";
        Assert.StartsWith(Line, said, StringComparison.Ordinal);
        Address = new Uri(said[Line.Length..]);
    }

    /// <summary>SIGTERM; says how it ended.</summary>
    public async Task<int> EndAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            await KillAsync();
        }

        process?.Dispose();
        folder.Delete(recursive: true);
    }
}

/// <summary>One hub for the tests of a class, which run one after another.</summary>
public sealed class HubFixture : IAsyncLifetime
{
    public HubProcess Hub { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Hub = await HubProcess.StartAsync();

    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}
