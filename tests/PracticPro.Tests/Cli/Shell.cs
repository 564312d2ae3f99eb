using PracticPro.Cli;

namespace PracticPro.Tests.Cli;

/// <summary>A shell of its own for one test: calls the program in this process on a scratch data folder.</summary>
internal sealed class Shell : IDisposable
{
    private readonly DirectoryInfo scratch = Directory.CreateTempSubdirectory("practicpro-cli-");

    /// <summary>A data folder nobody made yet.</summary>
    public string DataFolder => Path.Combine(scratch.FullName, "data");

    public string Scratch(string name) => Path.Combine(scratch.FullName, name);

    /// <summary>Calls the program on the data folder. Settings come last.</summary>
    public Task<Said> CallAsync(string input, params string[] words) =>
        CallAsync(new StringReader(input), new StringWriter(), TestContext.Current.CancellationToken, words);

    public async Task<Said> CallAsync(
        TextReader input, StringWriter output, CancellationToken cancellation, params string[] words)
    {
        using var error = new StringWriter();
        string[] settings =
        [
            "--Standalone:Folder", DataFolder, "--Standalone:Listen", "http://127.0.0.1:0",
            "--Logging:LogLevel:Default", "None", "--Logging:LogLevel:PracticPro", "None",
        ];
        var exitCode = await CommandLine.RunAsync([.. words, .. settings], input, output, error, cancellation);
        return new Said(exitCode, output.ToString().TrimEnd(), error.ToString().TrimEnd());
    }

    /// <summary>Opens a practice and gives back its tenant id.</summary>
    public async Task<string> PracticeAsync()
    {
        var said = await CallAsync("a long enough password\n", "practice", "create", "--name", "P", "--owner", "O", "--sign-in", "o@p.example");
        Assert.Equal(ExitCodes.Done, said.ExitCode);
        return said.Output;
    }

    public void Dispose() => scratch.Delete(recursive: true);

    internal sealed record Said(int ExitCode, string Output, string Error);
}
