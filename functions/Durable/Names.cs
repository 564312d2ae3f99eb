namespace PracticPro.Durable;

/// <summary>
/// How an orchestration is called: its registered name and its types, so that no caller repeats a string.
/// Names are compared without regard to case and never change once an instance may hold them in its history.
/// </summary>
/// <param name="Text">Lower-case words with hyphens: <c>import-contacts</c>.</param>
internal sealed record OrchestrationName<TInput, TOutput>(string Text)
{
    public override string ToString() => Text;
}

/// <summary>How an activity is called: its registered name and its types. Same rules as for orchestrations.</summary>
/// <param name="Text">Lower-case words with hyphens: <c>pull-mail-page</c>.</param>
internal sealed record ActivityName<TInput, TOutput>(string Text)
{
    public override string ToString() => Text;
}

/// <summary>
/// An event that an instance can wait for, and the type of what it carries. Compared without regard to case.
/// </summary>
/// <param name="Text">Lower-case words with hyphens: <c>approval-decided</c>.</param>
internal sealed record EventName<T>(string Text)
{
    public override string ToString() => Text;
}
