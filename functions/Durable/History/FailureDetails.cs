namespace PracticPro.Durable.History;

/// <summary>
/// Why a task or an instance failed: type and code, never the text of a foreign exception, which may hold content.
/// On the protobuf wire: errorType, errorMessage = code, or <c>code: detail</c>, innerFailure, isNonRetriable.
/// </summary>
/// <param name="Type">Full name of the exception's type, or <c>durable</c> for what the executor finds itself.</param>
/// <param name="Code">A word in kebab case, such as <c>unhandled</c>.</param>
/// <param name="Detail">The executor's own words on a fault of the program: kinds, registered names, ids.</param>
/// <param name="Inner">The failure of the task that was not handled.</param>
internal sealed record FailureDetails(
    string Type,
    string Code,
    bool NonRetriable = false,
    string? Detail = null,
    FailureDetails? Inner = null)
{
    /// <summary>Stands for a failure that came without details: a host sends none for an unknown activity.</summary>
    public static readonly FailureDetails Unknown = OfEngine(FailureCodes.Unknown);

    /// <summary>A fault that trying again does not mend.</summary>
    public static FailureDetails OfEngine(string code, string? detail = null) => new("durable", code, true, detail);

    /// <summary>What is kept of an exception.</summary>
    public static FailureDetails Of(Exception exception) => exception switch
    {
        StepFailedException step => new(TypeOf(step), step.Code, step.NonRetriable),
        TaskFailedException task => new(TypeOf(task), FailureCodes.TaskFailed, false, null, task.Failure),
        PayloadTooLargeException large => OfEngine(FailureCodes.TooLarge, large.Message),
        _ => new(TypeOf(exception), FailureCodes.Unhandled),
    };

    private static string TypeOf(Exception exception) => exception.GetType().FullName ?? exception.GetType().Name;
}

/// <summary>Codes of failures that the executor and the hub make.</summary>
internal static class FailureCodes
{
    public const string Unknown = "unknown";
    public const string Unhandled = "unhandled";
    public const string TaskFailed = "task-failed";
    public const string TooLarge = "payload-too-large";
    public const string NonDeterminism = "non-determinism";
    public const string NonDurableAwait = "non-durable-await";
    public const string OrchestrationNotRegistered = "orchestration-not-registered";
    public const string ActivityNotRegistered = "activity-not-registered";
    public const string InstanceExists = "instance-already-exists";
    public const string Terminated = "terminated";
    public const string TurnBroke = "turn-broke";
}
