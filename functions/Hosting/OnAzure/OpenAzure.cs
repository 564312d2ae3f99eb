using System.Security.Cryptography.X509Certificates;
using PracticPro.Egress;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.AzureBlobs;
using PracticPro.Storage.Drivers.AzureQueues;
using PracticPro.Storage.Drivers.Cosmos;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.KeyVault;

namespace PracticPro.Hosting.OnAzure;

/// <summary>
/// Opens stores and keys on Azure, each looked at before the next is asked: an account that is not as it should be stops
/// the start with a sentence that says what to do.
/// </summary>
internal static class OpenAzure
{
    /// <exception cref="StorageUnavailableException">A store cannot be used now.</exception>
    /// <exception cref="CosmosLayoutException">The account of the records is not as this program needs it.</exception>
    /// <exception cref="KeyStoreUnavailableException">The key vault cannot be used now.</exception>
    public static async Task<Grounds> RunAsync(
        AzureOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var authority = options.LoopbackAuthority is { } file ? X509CertificateLoader.LoadCertificateFromFile(file) : null;
        var credential = AppIdentity.Managed(options.ClientId);
        HttpMessageHandler DoorTo(Uri home) => PlatformDoor.Only(home, authority);

        var blobs = await AzureBlobStore.OpenAsync(options.Blobs, credential, DoorTo, time, cancellation);
        var queues = await AzureQueues.OpenAsync(options.Queues, credential, DoorTo, cancellation);
        var vault = await KeyVaultVault.OpenAsync(
            options.KeyVault, credential, DoorTo, new Shelf(blobs.WriteOnce), time,
            loggers.CreateLogger("PracticPro.Vault"), cancellation);
        try
        {
            var bell = new QueueBell();
            var storage = CosmosStorage.Create(
                options.Cosmos,
                credential,
                home => PlatformDoor.ClientOver(PlatformDoor.OnlyAccount(home, authority)),
                time,
                bell,
                blobs.For,
                loggers.CreateLogger("PracticPro.Storage"));
            await storage.VerifyAsync(cancellation);
            return new Grounds.Shared(vault, bell, storage, queues);
        }
        catch
        {
            vault.Dispose();
            throw;
        }
    }

    /// <summary>The platform's container, as the vault's shelf.</summary>
    private sealed class Shelf(WriteOnceBlobs blobs) : IKeepFirst
    {
        public ValueTask<ReadOnlyMemory<byte>> KeepAsync(
            string name, ReadOnlyMemory<byte> value, CancellationToken cancellation) =>
            blobs.KeepAsync(name, value, cancellation);
    }
}
