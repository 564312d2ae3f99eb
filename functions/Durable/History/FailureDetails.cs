using PracticPro.Kernel;

namespace PracticPro.Durable.History;

/// <summary>
/// Why a task or an instance failed: type and code, never the text of an exception, which may hold content. What a
/// worker not ours says of its own failures (a hub that serves one keeps it as it came) has the code
/// <see cref="FailureCodes.Foreign"/>, and its text is for that worker alone: never logged, never shown.
/// On the protobuf wire: errorType, errorMessage = code, or <c>code: detail</c>, or the foreign text; stackTrace,
/// innerFailure, isNonRetriable, properties.
/// </summary>
/// <param name="Type">Full name of the exception's type, or <c>durable</c> for what the executor finds itself.</param>
/// <param name="Code">A word in kebab case, such as <c>unhandled</c>.</param>
/// <param name="Detail">The executor's own words on a fault of the program: kinds, registered names, ids.</param>
/// <param name="Inner">The failure of the task that was not handled.</param>
/// <param name="Stack">Only of a foreign failure.</param>
/// <param name="Properties">Only of a foreign failure: name to JSON text.</param>
internal sealed record FailureDetails(
    string Type,
    string Code,
    bool NonRetriable = false,
    string? Detail = null,
    FailureDetails? Inner = null,
    string? Stack = null,
    IReadOnlyDictionary<string, string>? Properties = null)
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
        // What is gone for good is gone at the next attempt as well.
        UnexpectedFailureException { Failure: Failure.Gone gone } => new(TypeOf(exception), gone.Code, NonRetriable: true),
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

    /// <summary>An activity was answered in a form that is not ours.</summary>
    public const string AnswerUnreadable = "answer-unreadable";

    /// <summary>A worker that is not ours failed; its own words are the detail.</summary>
    public const string Foreign = "foreign";

    /// <summary>
    /// A turn was given up before it ended, and the engine knows no other way to be told. Not a failure of the instance's.
    /// </summary>
    public const string TurnAbandoned = "turn-abandoned";

    /// <summary>
    /// The engine lost the process that had it in hand: nobody knows how far it came. Not a failure of the step itself,
    /// which is at-least-once and is delivered again.
    /// </summary>
    public const string DeliveryLost = "delivery-lost";
}
