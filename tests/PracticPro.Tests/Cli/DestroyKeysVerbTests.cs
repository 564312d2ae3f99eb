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

        var begun = await shell.CallAsync("", "destroy-keys", tenant, "--confirm", tenant, "--wait", "0");
        var early = await shell.CallAsync("", "destroy-keys", tenant, "--show");
        var done = await shell.CallAsync("", "destroy-keys", tenant, "--confirm", tenant, "--wait", "0", "--Clock:OffsetSeconds", "60");
        var shown = await shell.CallAsync("", "destroy-keys", tenant, "--show");

        Assert.Equal((ExitCodes.Done, ""), (begun.ExitCode, begun.Error));
        Assert.Equal(["On", "Announced", "Deleted", "The"], FirstWords(begun.Output));
        Assert.Equal(ExitCodes.Failed, early.ExitCode);
        Assert.Equal((ExitCodes.Done, ""), (done.ExitCode, done.Error));
        Assert.Equal(["On", "Sealed", "Final"], FirstWords(done.Output));
        Assert.Equal(ExitCodes.Done, shown.ExitCode);
        Assert.StartsWith("practicpro/key-destruction/v1\n{", shown.Output, StringComparison.Ordinal);
        Assert.Contains($"\"tenant\":\"{tenant}\"", shown.Output, StringComparison.Ordinal);
    }

    private static IEnumerable<string> FirstWords(string output) => output.Split('\n').Select(static line => line.Split(' ', ':')[0]);
}
