using PracticPro.Storage.Drivers.AzureBlobs;
using PracticPro.Storage.Drivers.AzureQueues;
using PracticPro.Storage.Drivers.Cosmos;
using PracticPro.Vault.Drivers.KeyVault;

namespace PracticPro.Hosting.OnAzure;

/// <summary>Section <c>Azure</c>: stores and keys on Azure. All of them or none: half a practice on each is no place.</summary>
internal sealed class AzureOptions
{
    public CosmosOptions Cosmos { get; init; } = new();

    public KeyVaultOptions KeyVault { get; init; } = new();

    public AzureBlobOptions Blobs { get; init; } = new();

    public AzureQueueOptions Queues { get; init; } = new();

    /// <summary>Which managed identity the program signs in as, where it has several.</summary>
    public string? ClientId { get; init; }

    /// <summary>
    /// A file in PEM with the authority that vouches for stand-ins on this machine. Refused when a service is elsewhere.
    /// </summary>
    public string? LoopbackAuthority { get; init; }

    /// <summary>The stores and keys are on Azure, and not on this machine.</summary>
    public bool IsSet => Parts.Any(static part => part.IsSet);

    private (string Setting, bool IsSet)[] Parts =>
    [
        ("Azure:Cosmos:Endpoint", Cosmos.IsSet),
        ("Azure:KeyVault:Endpoint", KeyVault.Endpoint is not null),
        ("Azure:Blobs:Endpoint", Blobs.IsSet),
        ("Azure:Queues:Endpoint", Queues.IsSet),
    ];

    /// <summary>What is wrong, a sentence each.</summary>
    public IEnumerable<string> Errors()
    {
        if (!IsSet)
        {
            return LoopbackAuthority is null ? [] : ["Azure:LoopbackAuthority goes with the endpoints of stand-ins."];
        }

        var missing = Parts.Where(static part => !part.IsSet)
            .Select(static part => $"{part.Setting} is missing: stores and keys are on Azure together, or not at all.")
            .ToList();
        return missing.Count > 0
            ? missing
            : [.. Cosmos.Errors(), .. KeyVault.Errors(), .. Blobs.Errors(), .. Queues.Errors(), .. AuthorityErrors()];
    }

    private IEnumerable<string> AuthorityErrors()
    {
        if (LoopbackAuthority is null)
        {
            yield break;
        }

        if (!File.Exists(LoopbackAuthority))
        {
            yield return "Azure:LoopbackAuthority must name a file.";
        }

        string[] endpoints = [Cosmos.Endpoint, KeyVault.Endpoint!.OriginalString, Blobs.Endpoint, Queues.Endpoint];
        if (!endpoints.All(static text => Uri.TryCreate(text, UriKind.Absolute, out var home) && home.IsLoopback))
        {
            yield return "Azure:LoopbackAuthority is for stand-ins on this machine, and an endpoint is elsewhere.";
        }
    }
}
