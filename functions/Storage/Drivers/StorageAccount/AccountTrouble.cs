using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;

namespace PracticPro.Storage.Drivers.StorageAccount;

/// <summary>
/// What a storage account's answers mean to a caller. Nothing of an answer's own words is repeated: they may name what was
/// asked for. Source: Microsoft Learn, "Common REST API error codes", "Blob Storage error codes", "Queue Storage error codes".
/// </summary>
internal static class AccountTrouble
{
    private const int Transport = 0;

    /// <summary>The exception to hand out. One that is no trouble of the account's is a bug and comes back as it is.</summary>
    public static Exception Explain(Exception trouble) => trouble switch
    {
        RequestFailedException failed => Explain(failed),

        // What the client gathers over its tries: the last of them stands for all.
        AggregateException { InnerExceptions: [.., var last] } => Explain(last),
        OperationCanceledException or TimeoutException => Unavailable("the account did not answer in time", trouble),
        AuthenticationFailedException => Unavailable("the program could not sign in to the account", trouble),
        HttpRequestException or IOException => Unavailable("the account cannot be reached", trouble),
        InvalidDataException => Unavailable("what was sent or received was damaged on the way", trouble),
        _ => trouble,
    };

    /// <summary>Runs a piece of work, and lets out only what <see cref="Explain(Exception)"/> makes of its exceptions.</summary>
    public static async ValueTask<T> AroundAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            return await work();
        }
        catch (Exception trouble) when (IsTrouble(trouble, cancellation))
        {
            throw Explain(trouble);
        }
    }

    /// <summary>Anything but the caller's own wish to end.</summary>
    public static bool IsTrouble(Exception trouble, CancellationToken cancellation) =>
        !cancellation.IsCancellationRequested && !ReferenceEquals(Explain(trouble), trouble);

    public static bool IsMissing(RequestFailedException failed, string code) => failed.Status == 404 && failed.ErrorCode == code;

    /// <summary>Whether a write was refused because something has the name, which may be kept from being changed.</summary>
    public static bool IsTaken(RequestFailedException failed) => failed.Status == 412
        || (failed.Status == 409 && (failed.ErrorCode == BlobErrorCode.BlobAlreadyExists || failed.ErrorCode == BlobErrorCode.BlobImmutableDueToPolicy));

    private static Exception Explain(RequestFailedException failed) => failed.Status switch
    {
        Transport => Unavailable("the account cannot be reached", failed),
        401 or 403 => Unavailable("the account refuses this program", failed),
        404 when failed.ErrorCode == "ContainerNotFound" => Unavailable("a container is missing", failed),
        404 when failed.ErrorCode == "QueueNotFound" => Unavailable("a queue is missing", failed),
        404 or 412 => Unavailable("it went away while it was used", failed),
        408 => Unavailable("the account did not answer in time", failed),
        409 when failed.ErrorCode == BlobErrorCode.BlobImmutableDueToPolicy => new BlobRetainedException(failed),
        400 when failed.ErrorCode is "Md5Mismatch" or "Crc64Mismatch" => Unavailable("what was sent or received was damaged on the way", failed),
        429 or 503 => Unavailable("the account is busy", failed),
        >= 500 => Unavailable("the account answered with an error", failed),
        _ => Unavailable("the account refused the call", failed),
    };

    private static StorageUnavailableException Unavailable(string reason, Exception cause) => new(reason, cause);
}
