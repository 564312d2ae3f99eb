namespace PracticPro.Durable.Execution;

/// <summary>Silent while the past is replayed.</summary>
internal sealed class ReplaySafeLogger(ILogger target, OrchestrationContext context) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => target.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => !context.IsReplaying && target.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!context.IsReplaying)
        {
            target.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
