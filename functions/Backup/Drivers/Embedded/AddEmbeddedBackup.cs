using PracticPro.Backup.Drivers.Folder;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Storage.Drivers.Sqlite.Shipping;
using PracticPro.Vault;

namespace PracticPro.Backup.Drivers.Embedded;

/// <summary>Registers the backup of the embedded store. For Hosting only.</summary>
internal static class EmbeddedBackupRegistration
{
    /// <summary>How the embedded store keeps its logs under these options; null when there is no backup.</summary>
    public static LogKeeping? KeepingOf(BackupOptions options) =>
        options.IsOn ? new LogKeeping { LargestLogBytes = (long)options.LargestLogMiB << 20 } : null;

    /// <summary>
    /// The backup and its status. Nothing runs by itself: a server adds <see cref="BackUpInRounds"/>, a verb runs a round.
    /// </summary>
    public static IServiceCollection AddEmbeddedBackup(
        this IServiceCollection services, BackupOptions options, LogKeeping? keeping)
    {
        services.AddSingleton(options);
        if (keeping is not null)
        {
            services.AddSingleton(provider => Open(
                options,
                keeping,
                provider.GetRequiredService<SqliteStorage>(),
                provider.GetRequiredService<IKeyEncryption>(),
                provider.GetRequiredService<TimeProvider>()));
        }

        return services;
    }

    public static EmbeddedBackup Open(
        BackupOptions options, LogKeeping keeping, SqliteStorage storage, IKeyEncryption encryption, TimeProvider time) =>
        new(storage, keeping, new FolderTarget(options.Folder!), new PieceKeys(encryption), time, options);
}
