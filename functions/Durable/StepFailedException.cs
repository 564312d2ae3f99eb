using System.Text.RegularExpressions;
using PracticPro.Durable.History;

namespace PracticPro.Durable;

/// <summary>
/// Thrown by an activity or an orchestration to fail with a code its caller knows. The code is all that is kept:
/// the history is stored in the clear and failures are logged, so no text of a mail or a person can be put in.
/// </summary>
internal sealed partial class StepFailedException : Exception
{
    /// <param name="code">Lower-case letters, digits and hyphens, at most 64: <c>mailbox-gone</c>.</param>
    /// <param name="nonRetriable">True when another attempt cannot help.</param>
    public StepFailedException(string code, bool nonRetriable = false)
        : base(CodeShape().IsMatch(code) ? code : throw new ArgumentException("Not a failure code.", nameof(code)))
    {
        Code = code;
        NonRetriable = nonRetriable;
    }

    public string Code { get; }

    public bool NonRetriable { get; }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,63}$")]
    private static partial Regex CodeShape();
}

/// <summary>An awaited activity or sub-orchestration failed. Carries its failure; the message is the code.</summary>
internal sealed class TaskFailedException(string name, FailureDetails failure) : Exception(failure.Code)
{
    /// <summary>The name of what was called.</summary>
    public string Name { get; } = name;

    public FailureDetails Failure { get; } = failure;
}
