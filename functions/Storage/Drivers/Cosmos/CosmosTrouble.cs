using System.Net;
using Azure.Identity;
using Microsoft.Azure.Cosmos;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>What became of one request, as far as can be told.</summary>
internal enum Fate
{
    /// <summary>It was answered: done, or refused for what it asked (304, 404, 409, 412).</summary>
    Answered,

    /// <summary>It was not carried out and may be asked again (429, 449).</summary>
    Declined,

    /// <summary>It may have been carried out, or may still be: no answer, or one that does not say.</summary>
    Unknown,

    /// <summary>It was refused, and will be again.</summary>
    Refused,
}

/// <summary>
/// What the service's status codes mean to a caller. The service's own words are never handed on: they may hold ids.
/// Source: https://learn.microsoft.com/rest/api/cosmos-db/http-status-codes-for-cosmosdb
/// </summary>
internal static class CosmosTrouble
{
    private const int OwnerMissing = 1003;

    /// <summary>The replica has not come so far yet: that says nothing of whether there is such an item.</summary>
    private const int ReplicaBehind = 1002;
    private const int PartitionFull = 1014;

    public static Fate FateOf(HttpStatusCode status, int subStatus) => (int)status switch
    {
        >= 200 and < 300 or 304 or 409 or 412 => Fate.Answered,
        404 => subStatus switch
        {
            OwnerMissing => Fate.Refused,
            ReplicaBehind => Fate.Unknown,
            _ => Fate.Answered,
        },
        429 or 449 => Fate.Declined,
        408 or 410 or 500 or 502 or 503 or 504 => Fate.Unknown,
        _ => Fate.Refused,
    };

    /// <summary>The exception for a request that did not get an answer it can go on with.</summary>
    public static Exception Explain(HttpStatusCode status, int subStatus) => (int)status switch
    {
        400 => new InvalidOperationException("Cosmos DB finds a request of this program malformed."),
        401 => new StorageUnavailableException("the service does not accept this program's identity"),
        403 when subStatus == PartitionFull => new StorageUnavailableException("the practice's partition is full"),
        403 => new StorageUnavailableException("the service does not let this program in"),
        404 when subStatus != ReplicaBehind => new StorageUnavailableException("a database or container is missing"),
        408 or 504 => new StorageUnavailableException("the service did not answer in time"),
        413 => new TooLargeToStoreException("A batch", StorageLimits.MaximumBatchBytes),
        429 => new StorageUnavailableException("the service asks to slow down"),
        449 => new StorageUnavailableException("too many write at once"),
        _ => new StorageUnavailableException("the service is not available now"),
    };

    /// <summary>The status behind what the SDK threw; null when it is a trouble of this program and goes on as it is.</summary>
    public static (HttpStatusCode Status, int SubStatus)? StatusOf(Exception thrown, CancellationToken caller) => thrown switch
    {
        CosmosException trouble => (trouble.StatusCode, trouble.SubStatusCode),

        // Ours, not the caller's: patience ended.
        OperationCanceledException => caller.IsCancellationRequested ? null : (HttpStatusCode.RequestTimeout, 0),
        HttpRequestException or IOException => (HttpStatusCode.ServiceUnavailable, 0),

        // Nothing was sent: there is no token to send it with.
        AuthenticationFailedException => (HttpStatusCode.Unauthorized, 0),
        _ => null,
    };
}
