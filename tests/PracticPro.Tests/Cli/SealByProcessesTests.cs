using System.Diagnostics;
using System.Text;
using PracticPro.Cli;
using PracticPro.Cli.Demo;
using static PracticPro.Tests.Cli.ScratchSealer;

namespace PracticPro.Tests.Cli;

/// <summary>The verbs as programs of their own, at once, on one vault, in a shell whose language is not UTF-8.</summary>
[Trait("Promise", "ENC-1")]
public sealed class SealByProcessesTests : IDisposable
{
    private const int Programs = 3;
    private const int Lines = 200;

    private readonly ScratchSealer shell = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Programs_at_once_seal_under_one_key_and_repeat_no_message_id()
    {
        var input = "\uFEFF" + string.Concat(Enumerable.Range(0, Lines).Select(at => Line("test-a", $"é-{at}", "plaintext", Base64("x")) + "\r\n"));

        var outputs = await Task.WhenAll(Enumerable.Range(0, Programs).Select(_ => RunAsync("seal", input)));

        var values = outputs.SelectMany(answers => answers).Select(line => Value(line, "sealed")).ToList();
        Assert.Equal(Programs * Lines, values.Count);
        Assert.Equal(values.Count, values.Select(value => Convert.ToHexString(Convert.FromBase64String(value), 6, 32)).Distinct().Count());

        // One of them is opened by a program of its own again, and by the test, whose text was never bytes in between.
        var one = Line("test-a", $"é-{Lines - 1}", "sealed", values[^1]);
        Assert.Equal(Base64("x"), Value(Assert.Single(await RunAsync("open", one)), "plaintext"));
        Assert.Equal(Base64("x"), Value(Assert.Single(await shell.OpenAsync(one)), "plaintext"));
    }

    public void Dispose() => shell.Dispose();

    private async Task<string[]> RunAsync(string verb, string input)
    {
        var start = new ProcessStartInfo(DemoProgram.Dotnet, [typeof(SealVerb).Assembly.Location, verb, "--vault", shell.Folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["LC_ALL"] = "de_DE.ISO-8859-1" },
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The program did not start.");
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(input), Cancellation);
        process.StandardInput.Close();
        var answers = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync(Cancellation);
        Assert.Equal(0, process.ExitCode);
        return answers;
    }
}
