using System.Net;
using PracticPro.Durable.History;
using PracticPro.Durable.Protocol;
using PracticPro.Hosting.Functions.Declarations;
using PracticPro.Hosting.Functions.Payloads;

namespace PracticPro.Hosting.Functions.Front;

/// <summary>
/// Passes a call on to the back and its answer to the host. What the back does not answer, or answers in a way that the
/// host would stumble over, is answered here: a step as lost, which delivers it again, and anything else as failed.
/// </summary>
internal sealed partial class CallRelay(
    IBack back, HttpMessageInvoker invoker, FunctionsOptions options, TimeProvider time, ILogger<CallRelay> log)
{
    private const int LargestAnswer = 1 << 20;
    private const string NotReady = "back-not-ready";
    private const string Lost = "back-lost";
    private const string TooLong = "call-too-long";
    private const string Unreadable = "back-answer-unreadable";

    public async Task RelayAsync(HttpContext context, FunctionDeclaration function)
    {
        using var limit = new CancellationTokenSource(options.CallLimit, time);
        try
        {
            if (await back.ReadyAsync(options.BackPatience, limit.Token) is { } addresses)
            {
                await SendAsync(context, function, addresses.Calls, limit.Token);
                return;
            }

            await AnswerLostAsync(context.Response, function, NotReady);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            await AnswerLostAsync(context.Response, function, TooLong);
        }
        catch (Exception torn) when (torn is HttpRequestException or IOException)
        {
            await AnswerLostAsync(context.Response, function, Lost);
        }
    }

    /// <summary>What the host is told of a call that nobody answered.</summary>
    /// <param name="code">Lower-case words with hyphens.</param>
    public static Task LostAsync(HttpResponse response, FunctionDeclaration function, string code) =>
        function is FunctionDeclaration.Activity
            ? InvocationAnswer.ReturnAsync(response, ActivityAnswer.Seal(new FailureDetails("durable", FailureCodes.DeliveryLost)))
            : InvocationAnswer.FailAsync(response, code);

    private async Task SendAsync(HttpContext context, FunctionDeclaration function, Uri to, CancellationToken cancellation)
    {
        using var call = new HttpRequestMessage(HttpMethod.Post, new Uri(to, function.Name))
        {
            Version = HttpVersion.Version11,
            Content = new StreamContent(context.Request.Body),
        };
        using var answer = await invoker.SendAsync(call, cancellation);
        using var body = await ReadAsync(answer, cancellation);
        if (body is null)
        {
            await AnswerLostAsync(context.Response, function, Unreadable);
        }
        else if (answer.StatusCode is HttpStatusCode.OK)
        {
            await InvocationAnswer.PassOnAsync(context.Response, body.Utf8.ToArray());
        }
        else
        {
            await AnswerLostAsync(context.Response, function, InvocationAnswer.CodeOf(answer.ReasonPhrase) ?? Unreadable);
        }
    }

    /// <summary>Null for what is no answer of ours.</summary>
    private static async Task<PayloadBody?> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            var body = await PayloadBody.ReadAsync(await answer.Content.ReadAsStreamAsync(cancellation), LargestAnswer, cancellation);
            if (InvocationAnswer.IsOne(body.Utf8))
            {
                return body;
            }

            body.Dispose();
        }
        catch (PayloadUnreadableException)
        {
            // Too large to be one.
        }

        return null;
    }

    private Task AnswerLostAsync(HttpResponse response, FunctionDeclaration function, string code)
    {
        LogLost(log, function.Name, code);
        return LostAsync(response, function, code);
    }

    [LoggerMessage(926, LogLevel.Error, "A call of {Function} was not carried out: {Code}.")]
    private static partial void LogLost(ILogger log, string function, string code);
}
