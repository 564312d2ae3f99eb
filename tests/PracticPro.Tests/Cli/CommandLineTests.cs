using PracticPro.Cli;

namespace PracticPro.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public async Task Help_lists_every_verb_and_succeeds()
    {
        var said = await shell.CallAsync("", "--help");

        Assert.Equal(ExitCodes.Done, said.ExitCode);
        Assert.All(
            ["serve", "practice", "audit", "verify-audit", "hub", "seal", "open", "demo", "backup", "restore", "restore-drill"],
            verb => Assert.Contains($"  {verb} ", said.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_verb_is_not_understood()
    {
        var said = await shell.CallAsync("", "conquer");

        Assert.Equal(ExitCodes.Usage, said.ExitCode);
        Assert.Empty(said.Output);
        Assert.Contains("conquer", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_missing_argument_is_named()
    {
        var said = await shell.CallAsync("", "practice", "create");

        Assert.Equal(ExitCodes.Usage, said.ExitCode);
        Assert.All(["--name", "--owner", "--sign-in"], option => Assert.Contains(option, said.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_setting_without_a_value_is_not_understood()
    {
        using var error = new StringWriter();

        var exitCode = await CommandLine.RunAsync(
            ["serve", "--Sync:PageSize"], new StringReader(""), TextWriter.Null, error, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.Contains("--Sync:PageSize", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_cannot_be_used_are_all_listed_at_once()
    {
        var said = await shell.CallAsync(
            "", "serve", "--Sync:PageSize", "0", "--Sync:UnitsPerMinute=1", "--Approvals:UndoDelay", "11:00:00");

        Assert.Equal(ExitCodes.NotBegun, said.ExitCode);
        Assert.Equal(
            ["Approvals:UndoDelay", "Sync:PageSize", "Sync:UnitsPerMinute"],
            said.Error.Split(Environment.NewLine).Select(line => line.Split(' ')[1]).Order(StringComparer.Ordinal));
        Assert.False(Directory.Exists(shell.DataFolder));
    }

    [Fact]
    public async Task A_setting_of_the_wrong_kind_is_named_and_its_value_is_not()
    {
        var said = await shell.CallAsync("", "serve", "--Sync:PageSize", "s3cr3t");

        Assert.Equal(ExitCodes.NotBegun, said.ExitCode);
        Assert.Contains("Sync:PageSize", said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Standalone:Folder=/a:b", "--Standalone:Folder", "/a:b")]
    [InlineData("--Egress:Homes:google-gmail=http://127.0.0.1:1/?a=b", "--Egress:Homes:google-gmail", "http://127.0.0.1:1/?a=b")]
    public void A_setting_may_be_one_word(string word, string name, string value)
    {
        var line = SettingWords.Split(["serve", word]);

        Assert.Equal(["serve"], line.Words);
        Assert.Equal([name, value], line.Settings);
    }

    [Fact]
    public void An_option_with_a_colon_in_its_value_is_not_a_setting()
    {
        var line = SettingWords.Split(["demo", "--sandbox", "http://127.0.0.1:1", "--Standalone:Folder", "d"]);

        Assert.Equal(["demo", "--sandbox", "http://127.0.0.1:1"], line.Words);
        Assert.Equal(["--Standalone:Folder", "d"], line.Settings);
    }
}
