namespace PracticPro.FunctionsHost.Handler;

/// <summary>What the host does when its handler has ended by itself.</summary>
internal sealed class ExitPolicy(TimeProvider clock)
{
    private const int DeliberateRestart = 200;
    private const int MostErrors = 3;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(30);

    private int _errors;
    private DateTimeOffset _lastError;

    /// <summary>0: nothing, the handler stays dead. 200: start again. Others: start again, until the third error.</summary>
    public ExitVerdict Judge(int code)
    {
        if (code == 0)
        {
            return ExitVerdict.StayDead;
        }

        return code == DeliberateRestart ? ExitVerdict.Restart : CountError();
    }

    /// <summary>An error that is no exit, such as a handler that was never ready.</summary>
    public ExitVerdict CountError()
    {
        var now = clock.GetUtcNow();
        _errors = _errors > 0 && now - _lastError < Window ? _errors + 1 : 1;
        _lastError = now;
        return _errors < MostErrors ? ExitVerdict.Restart : ExitVerdict.EndHost;
    }
}

internal enum ExitVerdict
{
    StayDead,
    Restart,
    EndHost,
}
