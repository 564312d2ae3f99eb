using System.Security.Cryptography.X509Certificates;
using Azure.Core;
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
        var ways = Ways.Of(options);
        var credential = ways.Credential;
        HttpMessageHandler DoorTo(Uri home) => PlatformDoor.Only(home, ways.Authority);

        var blobs = await AzureBlobStore.OpenAsync(options.Blobs, credential, DoorTo, time, cancellation);
        var queues = await AzureQueues.OpenAsync(options.Queues, credential, DoorTo, cancellation);
        var vault = await KeyVaultVault.OpenAsync(
            options.KeyVault, credential, DoorTo, new Shelf(blobs.WriteOnce), time,
            loggers.CreateLogger("PracticPro.Vault"), cancellation);
        var bell = new QueueBell();
        var storage = Records(options, ways, blobs, bell, time, loggers);
        try
        {
            await storage.VerifyAsync(cancellation);
            return new Grounds.Shared(vault, bell, storage, queues);
        }
        catch
        {
            await storage.DisposeAsync();
            vault.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The records alone, and also where they are a restored copy that nothing else may open: for what is asked and done
    /// about erasures before it is released.
    /// </summary>
    /// <inheritdoc cref="RunAsync" path="/exception"/>
    public static async Task<CosmosStorage> CopyAsync(
        AzureOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var ways = Ways.Of(options);
        var blobs = await AzureBlobStore.OpenAsync(
            options.Blobs, ways.Credential, home => PlatformDoor.Only(home, ways.Authority), time, cancellation);
        var storage = Records(options, ways, blobs, new QueueBell(), time, loggers);
        try
        {
            await storage.VerifyCopyAsync(cancellation);
            return storage;
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }

    private static CosmosStorage Records(
        AzureOptions options, Ways ways, AzureBlobStore blobs, QueueBell bell, TimeProvider time, ILoggerFactory loggers) =>
        CosmosStorage.Create(
            options.Cosmos,
            ways.Credential,
            home => PlatformDoor.ClientOver(PlatformDoor.OnlyAccount(home, ways.Authority)),
            time,
            bell,
            blobs.For,
            loggers.CreateLogger("PracticPro.Storage"));

    /// <summary>Whom the program signs in as, and who vouches for stand-ins.</summary>
    private sealed record Ways(TokenCredential Credential, X509Certificate2? Authority)
    {
        public static Ways Of(AzureOptions options) => new(
            AppIdentity.Managed(options.ClientId),
            options.LoopbackAuthority is { } file ? X509CertificateLoader.LoadCertificateFromFile(file) : null);
    }

    /// <summary>The platform's container, as the vault's shelf.</summary>
    private sealed class Shelf(WriteOnceBlobs blobs) : IKeepFirst
    {
        public ValueTask<ReadOnlyMemory<byte>> KeepAsync(
            string name, ReadOnlyMemory<byte> value, CancellationToken cancellation) =>
            blobs.KeepAsync(name, value, cancellation);

        public ValueTask<ReadOnlyMemory<byte>?> FindAsync(string name, CancellationToken cancellation) =>
            blobs.FindAsync(name, cancellation);
    }
}
