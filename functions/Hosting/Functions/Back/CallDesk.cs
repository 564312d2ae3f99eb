using System.Text.Json;
using PracticPro.Durable;
using PracticPro.Durable.Execution;
using PracticPro.Durable.Protocol;
using PracticPro.Durable.Remote;
using PracticPro.Hosting.Functions.Declarations;
using PracticPro.Hosting.Functions.Payloads;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Hosting.Functions.Back;

/// <summary>
/// Carries out what the host calls, all but turns: steps of workflows, queue messages, ticks of timers. The path says
/// which; what the payload says of itself is never asked.
/// </summary>
internal sealed partial class CallDesk(
    FunctionCatalog catalog, ActivityRunner activities, CallMethod methods, FunctionsOptions options, ILogger<CallDesk> log)
{
    private const string ActivityInput = "input";

    public async Task AnswerAsync(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.WriteAsync("ok", context.RequestAborted);
            return;
        }

        var name = context.Request.Path.Value is ['/', .. var rest] ? rest : "";
        try
        {
            await CarryOutAsync(context, name);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The front has given it up, and has said so.
        }
        catch (Exception failed)
        {
            var code = CodeOf(failed);
            LogFailed(log, catalog.TryFind(name, out var function) ? function.Name : "no function of ours", code, failed.GetType().Name);
            await InvocationAnswer.FailAsync(context.Response, code);
        }
    }

    private async Task CarryOutAsync(HttpContext context, string name)
    {
        if (!catalog.TryFind(name, out var function))
        {
            throw new PayloadUnreadableException("no-such-function");
        }

        using var body = await PayloadBody.ReadAsync(context.Request.Body, options.LargestPayload, context.RequestAborted);
        switch (function)
        {
            case FunctionDeclaration.Activity activity:
                await InvocationAnswer.ReturnAsync(context.Response, await StepAsync(activity.Name, body, context.RequestAborted));
                break;
            case FunctionDeclaration.Called called:
                await methods.RunAsync(called, body, context.RequestAborted);
                await InvocationAnswer.DoneAsync(context.Response);
                break;
            default:
                throw new PayloadUnreadableException("not-a-call-for-the-back");
        }
    }

    private async Task<string> StepAsync(string name, PayloadBody body, CancellationToken cancellation)
    {
        var input = PayloadBindings.Read(body.Utf8, ActivityInput).Content;
        var outcome = await activities.RunAsync(CallerIn(input), name, input, cancellation);
        return outcome.Failure is { } failure ? ActivityAnswer.Seal(failure) : ActivityAnswer.Seal(outcome.Output);
    }

    private static InstanceId CallerIn(string? input)
    {
        try
        {
            return ActivityEnvelope.Open(input).Caller ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new PayloadUnreadableException(PayloadUnreadableException.Malformed);
        }
    }

    /// <summary>Stable words: they end in the host's log, and an alert may be set on them.</summary>
    private static string CodeOf(Exception failed) => failed switch
    {
        PayloadUnreadableException unreadable => unreadable.Code,
        HubUnreachableException => "engine-unreachable",
        StorageUnavailableException => "storage-unavailable",
        KeyStoreUnavailableException store => store.Failure.Code,
        _ => "function-broke",
    };

    [LoggerMessage(940, LogLevel.Error, "A call of {Function} failed: {Code}, {Type}.")]
    private static partial void LogFailed(ILogger log, string function, string code, string type);
}
