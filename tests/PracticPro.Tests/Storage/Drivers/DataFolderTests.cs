using System.Diagnostics;
using PracticPro.Storage;
using PracticPro.Storage.Drivers;

namespace PracticPro.Tests.Storage.Drivers;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Lock => Path.Combine(temporary.Path, "lock");

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void A_folder_that_is_open_cannot_be_opened_again()
    {
        using (DataFolder.Open(temporary.Path))
        {
            Assert.Throws<DataFolderInUseException>(() => DataFolder.Open(temporary.Path));
        }

        DataFolder.Open(temporary.Path).Dispose();
    }

    [Fact]
    public async Task Another_program_finds_the_folder_locked()
    {
        SkipWithoutFlock();
        using (DataFolder.Open(temporary.Path))
        {
            Assert.Equal(1, await ShellAsync($"flock -n '{Lock}' true"));
        }

        Assert.Equal(0, await ShellAsync($"flock -n '{Lock}' true"));
    }

    [Fact]
    public async Task A_folder_of_a_killed_program_is_free_again()
    {
        SkipWithoutFlock();
        using var other = Shell($"exec 9>'{Lock}'; flock 9; echo held; read line");
        Assert.Equal("held", await other.StandardOutput.ReadLineAsync(Cancellation));
        Assert.Throws<DataFolderInUseException>(() => DataFolder.Open(temporary.Path));

        other.Kill();
        await other.WaitForExitAsync(Cancellation);

        DataFolder.Open(temporary.Path).Dispose();
    }

    [Fact]
    public async Task Folders_and_files_are_for_their_owner_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes; the folder inherits its rights.");
        await using var store = new EmbeddedStore();
        await store.OpenCleanAsync();
        await Changes.CommitAsync(store.Storage, 1);
        await store.Fleet.ClaimAsync(new FleetKey("sign-in", "h"), new FleetEntry(Changes.Tenant, "p"), Cancellation);
        await store.Storage.For(Changes.Tenant).Blobs.WriteAsync(new("a/b"), new MemoryStream([1]), Cancellation);

        var files = Directory.GetFiles(store.Folder, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("-wal", StringComparison.Ordinal));
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mode(file)));
        Assert.All(
            Directory.GetDirectories(store.Folder, "*", SearchOption.AllDirectories),
            folder => Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Mode(folder)));
    }

    [Fact]
    public async Task File_names_hold_the_tenant_and_nothing_else_of_anybody()
    {
        await using var store = new EmbeddedStore();
        await store.OpenCleanAsync();
        await Changes.CommitAsync(store.Storage, 1);
        await store.Storage.For(Changes.Tenant).Blobs.WriteAsync(new("tiles/t1"), new MemoryStream([1]), Cancellation);
        await store.Fleet.ClaimAsync(new FleetKey("sign-in", "h"), new FleetEntry(Changes.Tenant, "p"), Cancellation);
        await store.CloseAsync();

        var names = Directory.GetFiles(store.Folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(store.Folder, file).Replace('\\', '/'));
        Assert.Equal(
            ["blobs/practice/tiles/t1~", "fleet.db", "lock", "tenants/practice.db"],
            names.Order(StringComparer.Ordinal));
    }

    private static UnixFileMode Mode(string path) =>
        OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : File.GetUnixFileMode(path);

    private static void SkipWithoutFlock() => Assert.SkipUnless(
        File.Exists("/usr/bin/flock"), "flock is not installed, so no second program can try the lock.");

    private static Process Shell(string script) => Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script])
    {
        RedirectStandardOutput = true,
        RedirectStandardInput = true,
    })!;

    private static async Task<int> ShellAsync(string script)
    {
        using var process = Shell(script);
        await process.WaitForExitAsync(Cancellation);
        return process.ExitCode;
    }
}
