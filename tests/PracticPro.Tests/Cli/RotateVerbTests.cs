using PracticPro.Cli;

namespace PracticPro.Tests.Cli;

public sealed class RotateVerbTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task A_rotation_is_begun_and_says_until_when_it_waits()
    {
        var tenant = await shell.PracticeAsync();

        var begun = await shell.CallAsync("", "rotate", tenant);

        Assert.Equal(ExitCodes.Done, begun.ExitCode);
        Assert.Contains("rewrap: 0 documents looked at", begun.Output, StringComparison.Ordinal);
        Assert.Contains("await-moment", begun.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing to do until ", begun.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(tenant, begun.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task Called_again_it_goes_on_with_the_one_under_way_and_a_compromise_takes_its_place()
    {
        var tenant = await shell.PracticeAsync();
        await shell.CallAsync("", "rotate", tenant);

        var again = await shell.CallAsync("", "rotate", tenant);
        var compromised = await shell.CallAsync("", "rotate", tenant, "--compromised");

        Assert.Equal(ExitCodes.Done, again.ExitCode);
        Assert.DoesNotContain("rewrap", again.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, compromised.ExitCode);
        Assert.Contains("announce", compromised.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_practice_is_refused()
    {
        await shell.PracticeAsync();

        Assert.Equal(ExitCodes.Failed, (await shell.CallAsync("", "rotate", "t-somebody-else")).ExitCode);
        Assert.Equal(ExitCodes.Usage, (await shell.CallAsync("", "rotate", "../x")).ExitCode);
    }
}
