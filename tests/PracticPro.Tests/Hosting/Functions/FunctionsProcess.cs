using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Hosting.Functions;

/// <summary><c>functions serve</c> as a real process with its real back, and a client that speaks as the host does.</summary>
internal sealed class FunctionsProcess : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("practicpro-functions-");
    private readonly List<string> output = [];
    private readonly HttpClient client;

    private FunctionsProcess(int port, IEnumerable<(string Name, string Value)> settings)
    {
        Port = port;
        client = LoopbackHttp.To(new Uri($"http://127.0.0.1:{port}"));
        Process = Process.Start(Start(settings)) ?? throw new InvalidOperationException("It did not start.");
        Process.OutputDataReceived += (_, line) => Keep(line.Data);
        Process.ErrorDataReceived += (_, line) => Keep(line.Data is null ? null : $"stderr {line.Data}");
        Process.BeginOutputReadLine();
        Process.BeginErrorReadLine();
    }

    public int Port { get; }

    public Process Process { get; }

    public IReadOnlyList<string> Output
    {
        get
        {
            lock (output)
            {
                return [.. output];
            }
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="settings">As the environment has them, with two underscores for a colon.</param>
    public static async Task<FunctionsProcess> StartAsync(params (string Name, string Value)[] settings)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var started = new FunctionsProcess(port, settings);
        await UntilAsync(async () => (await started.client.GetAsync("/", Cancellation)).IsSuccessStatusCode);
        return started;
    }

    /// <summary>The process behind it, as it says itself; null before there is one.</summary>
    public int? BackNumber() => Output
        .Where(line => line.Contains("BackKeeper[931]", StringComparison.Ordinal))
        .Select(line => (int?)int.Parse(line.Split("process ")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture))
        .LastOrDefault();

    /// <summary>Calls a function as the host does: in chunks, with a number, without a length.</summary>
    public Task<HttpResponseMessage> CallAsync(string function, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/{function}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Content.Headers.ContentLength = null;
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Add("X-Azure-Functions-InvocationId", "81f7a2cd-987c-425e-82a2-8fe8644163a0");
        return client.SendAsync(request, Cancellation);
    }

    /// <summary>Hands a request on as the host does: with a number and the caller's own host name.</summary>
    public Task<HttpResponseMessage> HandOnAsync(HttpRequestMessage request)
    {
        request.Headers.Host ??= "practice.example";
        request.Headers.Add("X-Azure-Functions-InvocationId", "81f7a2cd-987c-425e-82a2-8fe8644163a0");
        return client.SendAsync(request, Cancellation);
    }

    /// <summary>A connection that cannot be made is not yet so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = Deadline.Start(Cancellation);
        while (!await TriedAsync(isSo))
        {
            await Deadline.MomentAsync(patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        if (!Process.HasExited)
        {
            Process.Kill();
        }

        await Process.WaitForExitAsync(CancellationToken.None);
        Process.Dispose();
        await UntilAsync(() => Task.FromResult(TryDelete()));
    }

    private static async Task<bool> TriedAsync(Func<Task<bool>> isSo)
    {
        try
        {
            return await isSo();
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // The back tidies up after its front is gone.
    private bool TryDelete()
    {
        try
        {
            folder.Delete(recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private ProcessStartInfo Start(IEnumerable<(string Name, string Value)> settings)
    {
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var start = new ProcessStartInfo(dotnet)
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "PracticPro.dll"), "functions", "serve" },
        };
        start.Environment["FUNCTIONS_CUSTOMHANDLER_PORT"] = Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "custom";
        // The host's own address, inherited: nothing may listen there.
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:1";
        start.Environment["AzureWebJobsStorage"] = "UseDevelopmentStorage=true";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private void Keep(string? line)
    {
        lock (output)
        {
            if (line is not null)
            {
                output.Add(line);
            }
        }
    }
}
