namespace PracticPro.Durable.Remote;

/// <summary>Log lines of a worker for an engine elsewhere, event ids 740–759. Codes and types only.</summary>
internal static partial class RemoteLog
{
    [LoggerMessage(740, LogLevel.Warning, "The connection to the workflow engine has ended ({Kind}); connecting again.")]
    public static partial void Disconnected(ILogger log, string kind);

    [LoggerMessage(741, LogLevel.Warning, "An answer came too late; the engine has offered its work to others.")]
    public static partial void TooLate(ILogger log);

    [LoggerMessage(742, LogLevel.Error, "Work could not be done and was given back to the engine: {Type}.")]
    public static partial void GivenBack(ILogger log, string type);
}
