using PracticPro.Cli;

namespace PracticPro.Tests.Cli;

[Trait("Promise", "ENC-4")]
public sealed class DestroyKeysVerbTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public async Task Without_the_same_id_once_more_nothing_is_done()
    {
        var tenant = await shell.PracticeAsync();

        var bare = await shell.CallAsync("", "destroy-keys", tenant);
        var wrong = await shell.CallAsync("", "destroy-keys", tenant, "--confirm", tenant + "x");
        var nonsense = await shell.CallAsync("", "destroy-keys", "../x", "--confirm", "../x");
        var shown = await shell.CallAsync("", "destroy-keys", tenant, "--show");

        Assert.All([bare, wrong, nonsense], said => Assert.Equal(ExitCodes.Usage, said.ExitCode));
        Assert.Equal(ExitCodes.Failed, shown.ExitCode);
        Assert.Contains("No destruction", shown.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Failed, (await shell.CallAsync("", "destroy-keys", "t-nobody", "--confirm", "t-nobody")).ExitCode);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(shell.DataFolder, "tenants"), "*.db"));
    }

    [Fact]
    public async Task It_is_done_with_plain_progress_and_the_certificate_is_shown_and_good()
    {
        var tenant = await shell.PracticeAsync();

        var done = await shell.CallAsync("", "destroy-keys", tenant, "--confirm", tenant);
        var shown = await shell.CallAsync("", "destroy-keys", tenant, "--show");

        Assert.Equal((ExitCodes.Done, ""), (done.ExitCode, done.Error));
        Assert.Equal(
            ["On record", "Announced", "Deleted", "Sealed", "Final"],
            done.Output.Split('\n').Select(line => line.Split(' ', ':')[0] is "On" ? "On record" : line.Split(':')[0]));
        Assert.Equal(ExitCodes.Done, shown.ExitCode);
        Assert.StartsWith("practicpro/key-destruction/v1\n{", shown.Output, StringComparison.Ordinal);
        Assert.Contains($"\"tenant\":\"{tenant}\"", shown.Output, StringComparison.Ordinal);
    }
}
