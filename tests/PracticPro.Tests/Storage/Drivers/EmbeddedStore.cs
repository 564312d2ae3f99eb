using PracticPro.Storage;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Tests.Contracts;

namespace PracticPro.Tests.Storage.Drivers;

/// <summary>The embedded store over a folder of its own, which goes with it.</summary>
internal sealed class EmbeddedStore : StoreUnderTest
{
    private readonly TemporaryFolder folder = new();
    private SqliteStorage? storage;

    public override IStorage Storage => Opened;

    public override IFleet Fleet => Opened.Fleet;

    public string Folder => folder.Path;

    public EmbeddedStorageOptions Options { get; init; } = new();

    public SqliteStorage Opened => storage ?? throw new InvalidOperationException("The store is not open.");

    public override ValueTask OpenCleanAsync()
    {
        storage = SqliteStorage.Open(Options with { Folder = Folder }, Clock);
        return ValueTask.CompletedTask;
    }

    public override async ValueTask ReopenAsync()
    {
        await CloseAsync();
        await OpenCleanAsync();
    }

    /// <summary>Lets the folder go, so that a test can look at what is left in it.</summary>
    public async Task CloseAsync()
    {
        await Opened.DisposeAsync();
        storage = null;
    }

    public override async ValueTask DisposeAsync()
    {
        if (storage is not null)
        {
            await storage.DisposeAsync();
        }

        folder.Dispose();
    }
}

/// <summary>A new folder, removed with all that is in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("practicpro-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
