namespace PracticPro.Durable.Serve;

/// <summary>Log lines of a served hub, event ids 720–739. Ids, counts and codes only: what workers say is theirs.</summary>
internal static partial class ServeLog
{
    [LoggerMessage(720, LogLevel.Information, "A worker has connected: {Turns} places for turns, {Activities} for activities.")]
    public static partial void Joined(ILogger log, int turns, int activities);

    [LoggerMessage(721, LogLevel.Information, "A worker has gone; what it had in hand is offered again.")]
    public static partial void Left(ILogger log);

    [LoggerMessage(722, LogLevel.Warning, "A call of the task hub service failed: {Method}, {Type}.")]
    public static partial void CallFailed(ILogger log, string method, string type);

    [LoggerMessage(723, LogLevel.Warning, "An answer came under a token that is worth nothing any more.")]
    public static partial void Stale(ILogger log);
}
