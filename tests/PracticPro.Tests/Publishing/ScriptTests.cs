using System.Diagnostics;
using System.Runtime.Versioning;
using PracticPro.Tests.Architecture;

namespace PracticPro.Tests.Publishing;

/// <summary>Every script is whole and says what it does, without doing it.</summary>
public sealed class ScriptTests
{
    private static readonly string Folder = Path.Combine(Source.Root, "scripts");

    public static TheoryData<string> Commands => [.. Directory.GetFiles(Folder).Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_script_is_one_that_bash_can_read(string name) =>
        Assert.Equal(0, (await RunAsync("-n", Path.Combine(Folder, name))).Code);

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_script_says_how_it_is_called(string name)
    {
        var (code, said) = await RunAsync(Path.Combine(Folder, name), "--help");

        Assert.Equal(0, code);
        Assert.Contains($"scripts/{name}", said, StringComparison.Ordinal);
        Assert.DoesNotContain("set -euo", said, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_script_can_be_run(string name) =>
        Assert.True(OperatingSystem.IsWindows() || IsExecutable(Path.Combine(Folder, name)));

    [UnsupportedOSPlatform("windows")]
    private static bool IsExecutable(string path) => File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute);

    private static async Task<(int Code, string Said)> RunAsync(params string[] words)
    {
        var start = new ProcessStartInfo("bash", words) { RedirectStandardOutput = true };
        using var bash = Process.Start(start)!;
        var said = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (bash.ExitCode, said);
    }
}
