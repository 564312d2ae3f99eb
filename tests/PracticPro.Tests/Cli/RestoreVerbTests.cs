using PracticPro.Cli;

namespace PracticPro.Tests.Cli;

/// <summary>Backup and restore as a person calls them, over the program's own records.</summary>
[Trait("Promise", "OPS-1")]
public sealed class RestoreVerbTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    private string[] Backed => ["--Backup:Folder", shell.Scratch("backup"), "--Standalone:KeyFile", shell.Scratch("keys.json")];

    [Fact]
    public async Task A_practice_comes_back_from_its_backup()
    {
        var practice = await MakeAsync();
        var said = await shell.CallAsync("", ["restore", "--into", shell.Scratch("into"), "--yes", .. Backed]);

        Assert.Equal(ExitCodes.Done, said.ExitCode);
        Assert.StartsWith("Restored to ", said.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(shell.Scratch("into"), "tenants", practice + ".db")));

        using var output = new StringWriter();
        var exported = await CommandLine.RunAsync(
            ["audit", "export", practice, shell.Scratch("log"), "--Standalone:Folder", shell.Scratch("into"), "--Standalone:KeyFile", shell.Scratch("keys.json")],
            TextReader.Null, output, TextWriter.Null, TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.Done, exported);
    }

    [Fact]
    public async Task Without_yes_it_asks_and_no_answer_is_no()
    {
        await MakeAsync();
        var said = await shell.CallAsync("n\n", ["restore", "--into", shell.Scratch("into"), .. Backed]);

        Assert.Equal(ExitCodes.Failed, said.ExitCode);
        Assert.Contains("[y/N]", said.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(shell.Scratch("into")));
        Assert.Equal(ExitCodes.Done, (await shell.CallAsync("y\n", ["restore", "--into", shell.Scratch("into"), .. Backed])).ExitCode);
    }

    [Fact]
    public async Task Only_a_restored_account_is_released_and_only_with_a_ledger()
    {
        var here = await shell.CallAsync("", "restore", "release", "--erasures", shell.Scratch("none"), "--yes");

        Assert.Equal(ExitCodes.Failed, here.ExitCode);
        Assert.Contains("restore itself carries erasures out", here.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, (await shell.CallAsync("", "restore", "release", "--yes")).ExitCode);
    }

    [Fact]
    public async Task Damage_is_said_with_the_piece_and_nothing_is_left()
    {
        var practice = await MakeAsync();
        var piece = Path.Combine(shell.Scratch("backup"), practice, "000001", "00000000");
        var bytes = await File.ReadAllBytesAsync(piece, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(piece, bytes, TestContext.Current.CancellationToken);
        var said = await shell.CallAsync("", ["restore", "--into", shell.Scratch("into"), "--yes", .. Backed]);

        Assert.Equal(ExitCodes.Failed, said.ExitCode);
        Assert.Contains($"{practice}/000001/00000000", said.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(shell.Scratch("into")));
    }

    [Fact]
    public async Task A_place_that_cannot_be_read_is_said_in_words()
    {
        Directory.CreateDirectory(Path.Combine(shell.Scratch("backup"), "head"));
        var said = await shell.CallAsync("", ["backup", "status", .. Backed]);

        Assert.Equal(ExitCodes.Failed, said.ExitCode);
        Assert.Contains("The backup's place cannot be read or written.", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_says_up_to_when_all_is_covered()
    {
        Assert.Equal(ExitCodes.Failed, (await shell.CallAsync("", "backup", "status")).ExitCode);
        await MakeAsync();
        var said = await shell.CallAsync("", ["backup", "status", .. Backed]);

        Assert.Equal(ExitCodes.Done, said.ExitCode);
        Assert.Contains("2 streams", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_backs_up_by_itself_and_once_more_when_it_ends()
    {
        await MakeAsync();
        Directory.Delete(shell.Scratch("backup"), recursive: true);
        var served = await shell.CallAsync("", ["serve", "--until-input-ends", .. Backed]);
        var restored = await shell.CallAsync("", ["restore", "--into", shell.Scratch("into"), "--yes", .. Backed]);

        Assert.Equal(ExitCodes.Done, served.ExitCode);
        Assert.Equal(ExitCodes.Done, restored.ExitCode);
        Assert.Contains(": 2 files", restored.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--to", "yesterday")]
    [InlineData("--erasures", "not-there")]
    public async Task What_cannot_be_understood_is_refused(string option, string value)
    {
        await MakeAsync();
        var said = await shell.CallAsync("", ["restore", "--into", shell.Scratch("into"), "--yes", option, value, .. Backed]);

        Assert.NotEqual(ExitCodes.Done, said.ExitCode);
        Assert.False(Directory.Exists(shell.Scratch("into")));
    }

    [Fact]
    public async Task The_drill_on_a_real_backup_compares_it_with_its_source_and_fails_on_a_tampered_one()
    {
        var practice = await MakeAsync();
        string[] drill = ["restore-drill", "--source", shell.DataFolder, "--from", shell.Scratch("backup")];
        var said = await shell.CallAsync("", [.. drill, "--Standalone:KeyFile", shell.Scratch("keys.json")]);
        Assert.Equal(ExitCodes.Done, said.ExitCode);
        Assert.Contains("\"equal\":true,\"resurrected\":0", said.Output, StringComparison.Ordinal);

        File.Delete(Path.Combine(shell.Scratch("backup"), practice, "000001", "00000000"));
        said = await shell.CallAsync("", [.. drill, "--Standalone:KeyFile", shell.Scratch("keys.json")]);
        Assert.Equal(ExitCodes.Failed, said.ExitCode);
        Assert.Contains("FAIL", said.Output, StringComparison.Ordinal);
        Assert.EndsWith("\"passed\":false}", said.Output, StringComparison.Ordinal);
    }

    private async Task<string> MakeAsync()
    {
        var made = await shell.CallAsync(
            "a long enough password\n",
            ["practice", "create", "--name", "P", "--owner", "O", "--sign-in", "o@p.example", .. Backed]);
        Assert.Equal(ExitCodes.Done, made.ExitCode);
        Assert.Equal(ExitCodes.Done, (await shell.CallAsync("", ["backup", "now", .. Backed])).ExitCode);
        return made.Output;
    }
}
