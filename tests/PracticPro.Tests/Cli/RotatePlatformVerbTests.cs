using PracticPro.Cli;

namespace PracticPro.Tests.Cli;

public sealed class RotatePlatformVerbTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public async Task What_is_due_is_shown_and_nothing_is_changed()
    {
        await shell.PracticeAsync();
        var due = await shell.CallAsync("", "rotate-platform", "due");
        Assert.Equal(ExitCodes.Done, due.ExitCode);
        Assert.Equal(
            ["fleet-hash: generation 1, never changed, due a year after the start", "signing: generation 1, never changed, due a year after the start"],
            due.Output.Split('\n').Select(line => line.TrimEnd('\r')));
    }

    [Fact]
    public async Task Everybody_is_entered_anew_and_nothing_is_to_do()
    {
        await shell.PracticeAsync();
        var entered = await shell.CallAsync("", "rotate-platform", "enter");
        Assert.Equal((ExitCodes.Done, "walked 1 practices, 2 entries: 0 moved, 0 missing"), (entered.ExitCode, entered.Output));
    }

    [Fact]
    public async Task A_key_that_is_none_is_not_understood()
    {
        var said = await shell.CallAsync("", "rotate-platform", "everything");
        Assert.Equal(ExitCodes.Usage, said.ExitCode);
    }
}
