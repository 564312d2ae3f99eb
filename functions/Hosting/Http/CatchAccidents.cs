using System.Buffers.Text;
using System.Security.Cryptography;

namespace PracticPro.Hosting.Http;

/// <summary>
/// Middleware: nothing thrown and no bare error status reaches the caller as it is. An accident gets a random reference,
/// and the log gets that reference and the exception's type; never its message, which may hold anything.
/// </summary>
internal sealed partial class CatchAccidents(RequestDelegate next, ILogger<CatchAccidents> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller left; nobody reads an answer.
            return;
        }
        catch (Exception thrown) when (!context.Response.HasStarted)
        {
            await AnswerProblem.WriteAsync(context, FailureMap.Of(thrown) ?? Accident(thrown));
            return;
        }
        catch (Exception thrown)
        {
            Accident(thrown);
            context.Abort();
            return;
        }

        var response = context.Response;
        if (response.StatusCode >= 400 && !response.HasStarted && response.ContentType is null && response.ContentLength is null)
        {
            await AnswerProblem.WriteAsync(context, FailureMap.Of(response.StatusCode));
        }
    }

    private Problem Accident(Exception thrown)
    {
        var reference = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(9));
        LogAccident(logger, thrown.GetType().FullName ?? "unknown", thrown.InnerException?.GetType().FullName ?? "none", reference);
        return Problem.Of(500, "Accident", "accident", "Something broke here, and it was noted. Try again; if it stays, tell us the reference.")
            with { Reference = reference };
    }

    [LoggerMessage(902, LogLevel.Error, "A request ended in {Kind} (inside: {Inner}); reference {Reference}.")]
    private static partial void LogAccident(ILogger logger, string kind, string inner, string reference);
}
