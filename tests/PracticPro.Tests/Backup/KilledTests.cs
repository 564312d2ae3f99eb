using System.Text.Json;
using PracticPro.Cli;

namespace PracticPro.Tests.Backup;

/// <summary>A second process writes under backup and is killed: the whole drill, as scripts/restore-drill runs it.</summary>
[Trait("Promise", "OPS-1")]
public sealed class KilledTests
{
    [Fact]
    public async Task A_killed_program_leaves_a_backup_that_restores_to_every_moment()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.RunAsync(
            ["restore-drill", "--marks", "4"], TextReader.Null, output, error, TestContext.Current.CancellationToken);

        Assert.True(exitCode == ExitCodes.Done, output.ToString() + error);
        var verdict = JsonDocument.Parse(output.ToString().TrimEnd().Split('\n')[^1]).RootElement;
        Assert.True(verdict.GetProperty("equal").GetBoolean());
        Assert.True(verdict.GetProperty("tamperFound").GetBoolean());
        Assert.Equal(0, verdict.GetProperty("resurrected").GetInt32());
        Assert.True(verdict.GetProperty("erased").GetInt32() > 0);
        Assert.True(verdict.GetProperty("restored").GetInt32() >= 5);
    }
}
