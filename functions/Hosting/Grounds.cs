using PracticPro.Backup;
using PracticPro.Backup.Drivers.Embedded;
using PracticPro.Storage.Drivers;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.Local;

namespace PracticPro.Hosting;

/// <summary>
/// What the rooms stand on, opened before them: where the stores are and where the keys are. The rooms see ports only.
/// </summary>
/// <param name="Vault">Disposed with the container that <see cref="AddTo"/> was called on.</param>
internal abstract record Grounds(IVault Vault)
{
    /// <summary>Opens what the settings choose. The keys come first: without them nothing stored can be read.</summary>
    /// <exception cref="KeyFileException">The key file cannot be trusted or read.</exception>
    public static async Task<Grounds> OpenAsync(
        ProgramOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation) =>
        new Embedded(
            await LocalVault.OpenAsync(
                options.Standalone.KeyFilePath, time, loggers.CreateLogger("PracticPro.Vault"), cancellation),
            options.Standalone.Folder,
            options.Backup);

    /// <summary>Registers stores and keys.</summary>
    // By factories, so that the container ends them with the program.
    public IServiceCollection AddTo(IServiceCollection services) => AddStores(services)
        .AddSingleton(_ => Vault)
        .AddSingleton(Vault.KeyEncryption)
        .AddSingleton(Vault.PlatformKeys)
        .AddSingleton(Vault.Signer);

    protected abstract IServiceCollection AddStores(IServiceCollection services);

    /// <summary>One machine: a folder and a key file. The folder is taken when the first store is asked for.</summary>
    internal sealed record Embedded(IVault Vault, string Folder, BackupOptions Backup) : Grounds(Vault)
    {
        // A verb keeps the logs as the server does, so that what it writes is copied by the server's next round.
        protected override IServiceCollection AddStores(IServiceCollection services)
        {
            var keeping = EmbeddedBackupRegistration.KeepingOf(Backup);
            return services
                .AddEmbeddedStorage(new EmbeddedStorageOptions { Folder = Folder, Keeping = keeping })
                .AddEmbeddedBackup(Backup, keeping)
                .AddNoPlatformQueues();
        }
    }
}
