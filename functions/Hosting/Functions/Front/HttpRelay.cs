using System.Net;
using PracticPro.Hosting.Http;
using Yarp.ReverseProxy.Forwarder;

namespace PracticPro.Hosting.Functions.Front;

/// <summary>
/// Passes HTTP on to the back as it came: method, path, host, headers and a body of any length, and the answer likewise.
/// While there is no back, the caller is asked to come again.
/// </summary>
internal sealed partial class HttpRelay(
    IBack back, IHttpForwarder forwarder, HttpMessageInvoker invoker, FunctionsOptions options, ILogger<HttpRelay> log)
{
    private static readonly Problem Restarting = Problem.Of(
        StatusCodes.Status503ServiceUnavailable,
        "Starting",
        "starting",
        "The program is starting. Try again in a few seconds.") with { RetryAfter = TimeSpan.FromSeconds(5) };

    private readonly ForwarderRequestConfig form = new()
    {
        ActivityTimeout = options.HttpLimit,
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    public async Task RelayAsync(HttpContext context)
    {
        if (await back.ReadyAsync(options.BackPatience, context.RequestAborted) is not { } addresses)
        {
            await AnswerProblem.WriteAsync(context, Restarting);
            return;
        }

        // Empty: the default one would put this process in the place of who really asks.
        var trouble = await forwarder.SendAsync(context, addresses.Http.AbsoluteUri, invoker, form, HttpTransformer.Empty);
        if (trouble is ForwarderError.None || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        LogTrouble(log, trouble);
        if (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await AnswerProblem.WriteAsync(context, Restarting);
        }
    }

    [LoggerMessage(927, LogLevel.Warning, "A request was not passed on to its end: {Trouble}.")]
    private static partial void LogTrouble(ILogger log, ForwarderError trouble);
}
