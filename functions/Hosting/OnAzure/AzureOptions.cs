using PracticPro.Storage.Drivers.AzureBlobs;
using PracticPro.Storage.Drivers.AzureQueues;

namespace PracticPro.Hosting.OnAzure;

/// <summary>Section <c>Azure</c>: stores and keys on Azure. All of them or none: half a practice on each is no place.</summary>
internal sealed class AzureOptions
{
    public AzureBlobOptions Blobs { get; init; } = new();

    public AzureQueueOptions Queues { get; init; } = new();

    /// <summary>Which managed identity the program signs in as, where it has several.</summary>
    public string? ClientId { get; init; }

    /// <summary>
    /// A file in PEM with the authority that vouches for stand-ins on this machine. Refused when a service is elsewhere.
    /// </summary>
    public string? LoopbackAuthority { get; init; }
}
