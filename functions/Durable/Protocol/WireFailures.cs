using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using PracticPro.Durable.History;

namespace PracticPro.Durable.Protocol;

/// <summary>
/// Failures between our form and the protocol's. Ours have a code, and no text of an exception; they are
/// <c>errorMessage = code</c> or <c>code: detail</c>. Anything else is a foreign worker's and is kept as it came.
/// </summary>
internal static partial class WireFailures
{
    public static Wire.Failure? ToWire(FailureDetails? failure)
    {
        if (failure is null)
        {
            return null;
        }

        var wire = new Wire.Failure
        {
            ErrorType = failure.Type,
            ErrorMessage = Message(failure),
            StackTrace = failure.Stack,
            InnerFailure = ToWire(failure.Inner),
            IsNonRetriable = failure.NonRetriable,
        };
        foreach (var (name, json) in failure.Properties ?? new Dictionary<string, string>())
        {
            wire.Properties.Add(name, JsonParser.Default.Parse<Value>(json));
        }

        return wire;
    }

    public static FailureDetails? FromWire(Wire.Failure? wire)
    {
        if (wire is null)
        {
            return null;
        }

        var inner = FromWire(wire.InnerFailure);
        var ours = wire is { StackTrace: null, Properties.Count: 0 } ? OurMessage().Match(wire.ErrorMessage) : Match.Empty;
        if (ours.Success)
        {
            var detail = ours.Groups["detail"];
            return new FailureDetails(
                wire.ErrorType,
                ours.Groups["code"].Value,
                wire.IsNonRetriable,
                detail.Success ? detail.Value : null,
                inner);
        }

        return new FailureDetails(
            wire.ErrorType,
            FailureCodes.Foreign,
            wire.IsNonRetriable,
            wire.ErrorMessage,
            inner,
            wire.StackTrace,
            wire.Properties.Count == 0
                ? null
                : wire.Properties.ToDictionary(pair => pair.Key, pair => JsonFormatter.Default.Format(pair.Value)));
    }

    private static string Message(FailureDetails failure) => failure switch
    {
        { Code: FailureCodes.Foreign } => failure.Detail ?? "",
        { Detail: { } detail } => $"{failure.Code}: {detail}",
        _ => failure.Code,
    };

    // The code's shape is StepFailedException's; "foreign" itself is never a code that was sent.
    [GeneratedRegex(@"\A(?!foreign(?:: |\z))(?<code>[a-z0-9][a-z0-9-]{0,63})(?:: (?<detail>.+))?\z", RegexOptions.Singleline)]
    private static partial Regex OurMessage();
}
