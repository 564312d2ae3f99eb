using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Azure.Cosmos;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// What each call cost and how long it took: meter <c>practicpro.storage</c>. Calls that are slow or dear are logged as
/// well, by status, figures and the service's activity id; never an id or a text of what is stored.
/// </summary>
internal sealed class CosmosMeter(ILogger log, TimeProvider time)
{
    public const string Name = "practicpro.storage";
    // A batch of thirty messages with their facts is some 170 units; what costs more than twice that is looked at.
    private const double DearUnits = 400;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);
    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> Units = Meter.CreateHistogram<double>(
        "practicpro.storage.request_units", "{unit}", "Request units that one call to Cosmos DB took.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "practicpro.storage.duration", "s", "How long one call to Cosmos DB took, the SDK's own retries included.");

    public long Start() => time.GetTimestamp();

    /// <param name="operation"><c>read</c>, <c>query</c>, <c>batch</c>, …: of a fixed few.</param>
    public void Count(string operation, long start, HttpStatusCode status, Headers? headers)
    {
        var took = time.GetElapsedTime(start);
        var units = headers?.RequestCharge ?? 0;
        var tags = new System.Diagnostics.TagList { { "operation", operation }, { "status", (int)status } };
        Units.Record(units, tags);
        Duration.Record(took.TotalSeconds, tags);
        if (took > Slow || units > DearUnits)
        {
            CosmosLog.SlowCall(log, operation, (int)status, units, took.TotalMilliseconds, headers?.ActivityId ?? "none");
        }
    }
}

/// <summary>Log lines of the Cosmos driver, event ids 300–349. Figures and codes only.</summary>
internal static partial class CosmosLog
{
    [LoggerMessage(300, LogLevel.Warning, "A slow or dear call of Cosmos DB: {Operation} answered {Status}, {Units} units, {Milliseconds} ms, activity {Activity}.")]
    public static partial void SlowCall(
        ILogger log, string operation, int status, double units, double milliseconds, string activity);

    [LoggerMessage(301, LogLevel.Warning, "An answer of Cosmos DB did not say whether a batch went through; it is sent again.")]
    public static partial void InDoubt(ILogger log);

    [LoggerMessage(302, LogLevel.Information, "Database and containers are as this program needs them.")]
    public static partial void Verified(ILogger log);

    [LoggerMessage(303, LogLevel.Information, "A tenant that changes its home is at step {State}.")]
    public static partial void MoveStep(ILogger log, PlacementState state);

    [LoggerMessage(304, LogLevel.Error, "A tenant's copy did not become equal to its records; it stays where it is.")]
    public static partial void MoveReturned(ILogger log);

    [LoggerMessage(305, LogLevel.Warning, "The change feed could not be read: {Type}. It is read again.")]
    public static partial void FeedBroke(ILogger log, string type);
}
