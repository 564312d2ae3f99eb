using System.Runtime.InteropServices;

namespace PracticPro.Cli.Demo;

/// <summary>How a server of the demo is started: what to run, with which words, and how it says that it listens.</summary>
internal abstract record DemoProgram(string File, string ListeningLine)
{
    /// <summary>The host this very process runs on, wherever it was installed.</summary>
    public static string Dotnet
    {
        get
        {
            var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
            var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
            return System.IO.File.Exists(beside) ? beside : name;
        }
    }

    /// <param name="settings">Pairs as on the command line: <c>--Section:Name</c> and a value.</param>
    /// <param name="logFile">Where the server's output goes; a host keeps a log of its own beside it.</param>
    public abstract IEnumerable<string> Words(string[] settings, string logFile);

    /// <summary>The program alone, or what was published of it.</summary>
    /// <param name="Executable">Null: this very program.</param>
    public sealed record Standalone(string? Executable = null)
        : DemoProgram(Executable ?? Dotnet, "practicpro listening on ")
    {
        public override IEnumerable<string> Words(string[] settings, string logFile) =>
        [
            .. Executable is null ? [Path.Combine(AppContext.BaseDirectory, "PracticPro.dll")] : Array.Empty<string>(),
            "serve", "--until-input-ends", .. settings,
        ];
    }

    /// <summary>A Functions host, with the program as its custom handler.</summary>
    /// <param name="Host">The host's assembly.</param>
    /// <param name="App">The app's folder, with <c>host.json</c>, the function folders and the program.</param>
    /// <param name="Address">Where the host listens.</param>
    public sealed record UnderFunctionsHost(string Host, string App, Uri Address)
        : DemoProgram(Dotnet, "functions host listening on ")
    {
        // App settings reach the handler as its environment, where two underscores stand for the colon.
        public override IEnumerable<string> Words(string[] settings, string logFile) =>
        [
            Host, "--app", App, "--listen", Address.GetLeftPart(UriPartial.Authority), "--until-input-ends",
            "--log", Path.ChangeExtension(logFile, ".host.log"), "--setting", "Functions__TrustedHops=0",
            .. settings.Chunk(2).SelectMany(pair =>
                (string[])["--setting", $"{pair[0][2..].Replace(":", "__", StringComparison.Ordinal)}={pair[1]}"]),
        ];
    }
}
