using PracticPro.Backup;
using PracticPro.Backup.Drivers.Embedded;
using PracticPro.Hosting.OnAzure;
using PracticPro.Hosting.Standalone;
using PracticPro.Keys.Platform;
using PracticPro.Storage;
using PracticPro.Storage.Drivers;
using PracticPro.Storage.Drivers.AzureQueues;
using PracticPro.Storage.Drivers.Cosmos;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.Local;

namespace PracticPro.Hosting;

/// <summary>
/// What the rooms stand on, opened before them: where the stores are and where the keys are. The rooms see ports only.
/// </summary>
/// <param name="Bell">What a store rings that hears of other processes' writes.</param>
/// <param name="Vault">Disposed with the container that <see cref="AddTo"/> was called on.</param>
internal abstract record Grounds(IVault Vault, QueueBell Bell)
{
    /// <summary>Opens what the settings choose. The keys come first: without them nothing stored can be read.</summary>
    /// <exception cref="KeyFileException">The key file cannot be trusted or read.</exception>
    /// <inheritdoc cref="OpenAzure.RunAsync" path="/exception"/>
    public static async Task<Grounds> OpenAsync(
        ProgramOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation) =>
        options.Azure.IsSet
            ? await OpenAzure.RunAsync(options.Azure, time, loggers, cancellation)
            : new Embedded(
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
        .AddSingleton(Vault.FleetHashKeys)
        .AddSingleton<FleetDirectory>()
        .AddSingleton(Vault.Signer)
        .AddSingleton(Bell);

    protected abstract IServiceCollection AddStores(IServiceCollection services);

    /// <summary>One machine: a folder and a key file. The folder is taken when the first store is asked for.</summary>
    internal sealed record Embedded(IVault Vault, string Folder, BackupOptions Backup) : Grounds(Vault, new QueueBell())
    {
        // A verb keeps the logs as the server does, so that what it writes is copied by the server's next round.
        protected override IServiceCollection AddStores(IServiceCollection services)
        {
            var keeping = EmbeddedBackupRegistration.KeepingOf(Backup);
            return services
                .AddEmbeddedStorage(new EmbeddedStorageOptions { Folder = Folder, Keeping = keeping })
                .AddEmbeddedBackup(Backup, keeping)
                .AddNoPlatformQueues()
                .AddSingleton(PlatformPace.OfOne)
                .AddSingleton(new OutboxRounds(TimeSpan.FromSeconds(5)));
        }
    }

    /// <summary>Services on Azure, which any number of processes share; opened and looked at already.</summary>
    internal sealed record Shared(IVault Vault, QueueBell Bell, CosmosStorage Storage, AzureQueues Queues) : Grounds(Vault, Bell)
    {
        protected override IServiceCollection AddStores(IServiceCollection services) => services
            .AddSingleton(_ => Storage)
            .AddSingleton<IStorage>(static provider => provider.GetRequiredService<CosmosStorage>())
            .AddSingleton(static provider => provider.GetRequiredService<CosmosStorage>().Fleet)
            .AddSingleton<IHostedService>(_ => Storage.Watch())
            // The change feed rings for what other processes wrote; the rounds are for what it missed.
            .AddSingleton(new OutboxRounds(TimeSpan.FromMinutes(1)))
            .AddSingleton(PlatformPace.OfMany)
            .AddAzurePlatformQueues(Queues);
    }
}
