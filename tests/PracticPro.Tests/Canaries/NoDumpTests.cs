using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using PracticPro.Cli;
using PracticPro.Hosting;

namespace PracticPro.Tests.Canaries;

/// <summary>
/// A server that dies, however it dies, leaves nothing of its memory on a disk, unless a setting allows it. Where the system
/// hands cores to a program of its own, or keeps none, the tests that need one are skipped.
/// </summary>
[Trait("Promise", "ENC-2")]
public sealed class NoDumpTests : IDisposable
{
    private static readonly byte[] Elf = [0x7f, (byte)'E', (byte)'L', (byte)'F'];

    private readonly DirectoryInfo work = Directory.CreateTempSubdirectory("no-dump-");

    public NoDumpTests() => WatchedServer.MakeFolders(work.FullName);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string[] Settings => ["--Standalone:Folder", Path.Combine(work.FullName, "data"), "--Standalone:Listen", "http://127.0.0.1:0"];

    public void Dispose() => work.Delete(recursive: true);

    [Theory]
    [InlineData("abort")]
    [InlineData("fail-fast")]
    [InlineData("throw")]
    public async Task A_server_that_crashes_leaves_no_dump(string crash)
    {
        var before = Dumps();
        await using var server = await StartAsync(allowed: false);

        await CrashAsync(server, crash);

        Assert.Equal(before, Dumps());
    }

    [Fact]
    public async Task It_leaves_none_either_when_somebody_raises_its_limit()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/prlimit"), "There is no prlimit here.");
        var before = Dumps();
        await using var server = await StartAsync(allowed: false);
        using (var raise = Process.Start("/usr/bin/prlimit", ["--core=unlimited:unlimited", "--pid", server.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await raise.WaitForExitAsync(Cancellation);
        }

        await CrashAsync(server, "abort");

        Assert.Equal(before, Dumps());
    }

    /// <summary>What the tests above would see if the program did nothing.</summary>
    [Fact]
    public async Task It_leaves_one_when_the_settings_allow_it()
    {
        var pattern = (await File.ReadAllTextAsync("/proc/sys/kernel/core_pattern", Cancellation)).Trim();
        Assert.SkipWhen(pattern.StartsWith('|') || pattern.Length == 0 || pattern.Contains('/', StringComparison.Ordinal), "Cores go elsewhere here.");
        var before = Dumps();
        await using var server = await StartAsync(allowed: true);

        await CrashAsync(server, "abort");

        Assert.SkipWhen(Dumps().Count == before.Count && (await LimitOfAsync()) == "0", "The system keeps no cores here.");
        Assert.Equal(before.Count + 1, Dumps().Count);
    }

    [Theory]
    [InlineData("DOTNET_DbgEnableMiniDump")]
    [InlineData("COMPlus_DbgEnableMiniDump")]
    public async Task A_server_does_not_begin_where_the_runtime_would_write_dumps(string variable)
    {
        var said = await WatchedServer.RunAsync(work.FullName, ["serve", "--until-input-ends", .. Settings], "", (variable, "1"));

        Assert.Equal(ExitCodes.NotBegun, said.ExitCode);
        Assert.Contains("Memory:AllowDumps", said.Printed, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(work.FullName, "data")));
    }

    [Theory]
    [InlineData("DbgEnableMiniDump")]
    [InlineData("DOTNET_DbgEnableMiniDump")]
    [InlineData("COMPlus_DbgEnableMiniDump")]
    public void The_switch_is_seen_however_the_host_spells_it(string name)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(name, "1")]).Build();

        Assert.Single(new MemoryOptions().Errors(configuration));
        Assert.Empty(new MemoryOptions { AllowDumps = true }.Errors(configuration));
    }

    [Fact]
    public async Task A_server_has_no_room_for_a_core_file()
    {
        await using var server = await StartAsync(allowed: false);

        var limits = await File.ReadAllLinesAsync($"/proc/{server.Id}/limits", Cancellation);

        Assert.Equal("0", limits.Single(line => line.StartsWith("Max core file size", StringComparison.Ordinal))[26..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]);
    }

    private Task<WatchedServer> StartAsync(bool allowed) => WatchedServer.StartAsync(
        work.FullName, [.. Settings, "--Memory:AllowDumps", allowed ? "true" : "false"], [], withCores: true);

    private static async Task CrashAsync(WatchedServer server, string crash)
    {
        await (crash == "abort" ? server.AbortAsync() : server.TellAsync(crash));
        Assert.NotEqual(ExitCodes.Done, await server.EndedAsync());
    }

    /// <summary>Core files and dumps in every place one could be left.</summary>
    private List<string> Dumps() =>
    [
        .. new[] { work.FullName, "/var/crash", "/var/lib/systemd/coredump", Path.GetTempPath() }
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(
                folder, "*", new EnumerationOptions { RecurseSubdirectories = folder == work.FullName, IgnoreInaccessible = true }))
            // A pipe that the runtime left is no file, and waits for whoever opens it.
            .Where(file => new FileInfo(file) is { Exists: true, Length: > 4 })
            .Where(file => file.Contains("coredump", StringComparison.Ordinal) || file.EndsWith(".dmp", StringComparison.Ordinal) || IsElf(file))
            .Order(StringComparer.Ordinal),
    ];

    private static bool IsElf(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            Span<byte> start = stackalloc byte[4];
            return file.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && start.SequenceEqual(Elf);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static async Task<string> LimitOfAsync() =>
        (await File.ReadAllLinesAsync("/proc/self/limits", Cancellation))
            .Single(line => line.StartsWith("Max core file size", StringComparison.Ordinal))[26..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
}
