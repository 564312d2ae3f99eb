namespace PracticPro.Hosting.Functions.Payloads;

/// <summary>A call of the host came in a form we do not know. The code names how; nothing of the payload is kept.</summary>
/// <param name="code">Lower-case words with hyphens; goes into the answer's reason phrase and the log.</param>
internal sealed class PayloadUnreadableException(string code) : Exception(code)
{
    /// <summary>Not the JSON object it should be, or without the value of the trigger.</summary>
    public const string Malformed = "payload-malformed";

    /// <summary>More bytes than are taken in.</summary>
    public const string TooLarge = "payload-too-large";

    /// <summary>
    /// The workflow extension speaks its older form, a JSON object: it does not know that a custom handler is there.
    /// The app lacks <c>FUNCTIONS_WORKER_RUNTIME=custom</c>.
    /// </summary>
    public const string OlderProtocol = "worker-runtime-is-not-custom";

    public string Code { get; } = code;
}
