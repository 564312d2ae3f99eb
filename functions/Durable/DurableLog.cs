namespace PracticPro.Durable;

/// <summary>Log lines of the hub, event ids 700–799. Ids and codes only.</summary>
internal static partial class DurableLog
{
    [LoggerMessage(700, LogLevel.Information, "The task hub has started.")]
    public static partial void Started(ILogger log);

    [LoggerMessage(701, LogLevel.Information, "The task hub has stopped.")]
    public static partial void Stopped(ILogger log);

    [LoggerMessage(702, LogLevel.Warning, "Activity {Activity} of {Instance} failed: {Type}, {Code}.")]
    public static partial void ActivityFailed(
        ILogger log,
        InstanceId instance,
        string activity,
        string type,
        string code);

    [LoggerMessage(703, LogLevel.Error, "A turn of {Instance} could not be taken: {Type}.")]
    public static partial void TurnBroke(ILogger log, InstanceId instance, string type);

    [LoggerMessage(704, LogLevel.Critical, "The task hub met a write it could not make and has stopped: {Type}.")]
    public static partial void Broke(ILogger log, string type);
}
