using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.KeyVaultDouble;
using PracticPro.Loopback;
using PracticPro.Vault.Drivers.KeyVault;

namespace PracticPro.Tests.Vault.KeyVault;

/// <summary>The double as a process of its own, on the machine's clock.</summary>
internal sealed class DoubleProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Uri endpoint;
    private readonly LoopbackTokens tokens;

    private DoubleProcess(Process process, Uri endpoint, LoopbackTokens tokens)
    {
        (this.process, this.endpoint, this.tokens) = (process, endpoint, tokens);
    }

    public static async Task<DoubleProcess> StartAsync(string folder, string identity)
    {
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var start = new ProcessStartInfo(dotnet) { RedirectStandardInput = true, RedirectStandardOutput = true };
        string[] arguments =
        [
            "exec", typeof(KeyVaultServer).Assembly.Location, "--port", "0", "--folder", folder, "--identity", identity,
            UntilInputEnds.Word,
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        return new DoubleProcess(
            process, new Uri((string)JsonNode.Parse(line!)!["endpoint"]!), LoopbackTokens.OpenOrMake(identity));
    }

    public KeyVaultKeys Keys(VaultPremises premises) => new(new KeyVaultWire(
        premises.Options with { Endpoint = endpoint },
        new FamilyCredential(tokens, TimeProvider.System),
        premises.Handler,
        TimeProvider.System,
        NullLogger.Instance));

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        process.Dispose();
        return ValueTask.CompletedTask;
    }
}
