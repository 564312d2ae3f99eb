using PracticPro.Cli;

namespace PracticPro.Tests.Cli;

public sealed class AuditVerbTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public async Task An_exported_log_is_whole_under_the_key_that_lies_beside_it()
    {
        var tenant = await shell.PracticeAsync();
        var folder = shell.Scratch("log");

        var exported = await shell.CallAsync("", "audit", "export", tenant, folder);
        var key = Directory.EnumerateFiles(folder, "*.pem").Single();
        var verified = await shell.CallAsync("", "verify-audit", folder, "--key", key);

        Assert.Equal((ExitCodes.Done, ""), (exported.ExitCode, exported.Error));
        Assert.Equal(VerifyAuditVerb.Whole, verified.ExitCode);
    }

    [Fact]
    public async Task A_folder_that_is_there_is_not_written_into()
    {
        var tenant = await shell.PracticeAsync();
        var folder = Directory.CreateDirectory(shell.Scratch("mine"));

        var said = await shell.CallAsync("", "audit", "export", tenant, folder.FullName);

        Assert.Equal(ExitCodes.Failed, said.ExitCode);
        Assert.Empty(folder.EnumerateFiles());
    }

    [Fact]
    public async Task An_unknown_practice_has_no_log_and_gets_none()
    {
        await shell.PracticeAsync();

        var said = await shell.CallAsync("", "audit", "export", "t-somebody-else", shell.Scratch("log"));

        Assert.Equal(ExitCodes.Failed, said.ExitCode);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(shell.DataFolder, "tenants"), "*.db"));
        Assert.False(Directory.Exists(shell.Scratch("log")));
    }
}
