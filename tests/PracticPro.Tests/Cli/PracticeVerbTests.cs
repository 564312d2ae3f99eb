using PracticPro.Cli;
using PracticPro.Kernel;

namespace PracticPro.Tests.Cli;

public sealed class PracticeVerbTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public async Task A_new_practice_is_answered_with_its_tenant_id_alone()
    {
        var said = await CreateAsync("a long enough password\n");

        Assert.Equal(ExitCodes.Done, said.ExitCode);
        Assert.True(TenantId.TryParse(said.Output, out _));
        Assert.Empty(said.Error);
    }

    [Fact]
    public async Task A_sign_in_name_opens_one_practice_only()
    {
        await CreateAsync("a long enough password\n");

        var again = await CreateAsync("another long password\n");

        Assert.Equal(ExitCodes.Failed, again.ExitCode);
        Assert.Equal("practicpro: This sign-in name is taken. Choose another.", again.Error);
        Assert.Empty(again.Output);
    }

    [Fact]
    public async Task A_short_password_is_refused_and_not_repeated()
    {
        var said = await CreateAsync("hunter2\n");

        Assert.Equal(ExitCodes.Failed, said.ExitCode);
        Assert.DoesNotContain("hunter2", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_password_on_its_input_nothing_is_made()
    {
        var said = await CreateAsync("");

        Assert.Equal(ExitCodes.Usage, said.ExitCode);
        Assert.False(Directory.Exists(shell.DataFolder));
    }

    [Fact]
    public async Task A_data_folder_in_use_is_left_alone()
    {
        string[] settings = ["--Standalone:Folder", shell.DataFolder];
        await using var holder = await OpenedFolder.OpenAsync(settings, TestContext.Current.CancellationToken);

        var said = await CreateAsync("a long enough password\n");

        Assert.Equal(ExitCodes.NotBegun, said.ExitCode);
        Assert.Contains("in use", said.Error, StringComparison.Ordinal);
    }

    private Task<Shell.Said> CreateAsync(string input) =>
        shell.CallAsync(input, "practice", "create", "--name", "Harbour Clinic", "--owner", "Hannah", "--sign-in", "owner@harbour-clinic.example");
}
