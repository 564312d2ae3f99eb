namespace PracticPro.FunctionsHost.Faults;

/// <summary>
/// One thing to go wrong. It strikes calls of <paramref name="Function"/> (null: of any), lets <paramref name="Skip"/>
/// matching calls pass first, strikes <paramref name="Times"/> times (0: for ever), each with this chance of a hundred.
/// </summary>
/// <param name="Status">For <see cref="FaultKind.Status"/>.</param>
/// <param name="Wait">For <see cref="FaultKind.Stall"/>.</param>
internal sealed record FaultRule(
    FaultKind Kind, string? Function = null, int Skip = 0, int Times = 1, int Percent = 100, int Status = 500, TimeSpan Wait = default);

internal enum FaultKind
{
    /// <summary>SIGKILL to the handler when the request has gone out; what it had done by then is not known.</summary>
    KillWhileRunning,

    /// <summary>SIGKILL when the handler has answered, before the host takes the answer: the work is done and lost.</summary>
    KillAfterAnswer,

    /// <summary>The connection is closed without an answer; the handler lives on.</summary>
    Close,

    /// <summary>Connection refused: the request never leaves.</summary>
    Refuse,

    /// <summary>The handler's answer is replaced by a status, such as 413 or 503.</summary>
    Status,

    /// <summary>The answer is replaced by 200 and null: the invocation hangs until the function's time is over.</summary>
    Hang,

    /// <summary>The answer is replaced by one whose ReturnValue is the empty text.</summary>
    EmptyReturn,

    /// <summary>The request goes out later.</summary>
    Stall,
}
