using PracticPro.Hosting.Functions.Declarations;
using PracticPro.Hosting.Functions.Payloads;

namespace PracticPro.Hosting.Functions.Front;

/// <summary>
/// Everything that comes from the host comes in here: the question whether somebody is here, turns, calls of other
/// functions, and HTTP that it hands on. Only turns are answered in this process.
/// </summary>
internal sealed partial class FrontDoor(
    HostCalls calls, TurnDesk turns, CallRelay relay, HttpRelay http, ShapeRecorder shapes, FrontEnd end, ILogger<FrontDoor> log)
{
    public Task AnswerAsync(HttpContext context)
    {
        if (HostCalls.IsProbe(context.Request))
        {
            return context.Response.WriteAsync("ok", CancellationToken.None);
        }

        if (calls.Called(context.Request) is { } function)
        {
            return AnswerCallAsync(context, function);
        }

        shapes.NoteHttp(context.Request);
        return http.RelayAsync(context);
    }

    private async Task AnswerCallAsync(HttpContext context, FunctionDeclaration function)
    {
        using var under = end.Begin();
        try
        {
            await shapes.NoteAsync(context, function);
            await (function is FunctionDeclaration.Orchestration ? turns.AnswerAsync(context) : relay.RelayAsync(context, function));
        }
        catch (PayloadUnreadableException unreadable)
        {
            LogUnreadable(log, function.Name, unreadable.Code);
            await InvocationAnswer.FailAsync(context.Response, unreadable.Code);
        }
        catch (Exception broken) when (!context.Response.HasStarted)
        {
            LogBroke(log, function.Name, broken.GetType().Name);
            await CallRelay.LostAsync(context.Response, function, "front-broke");
        }

        if (turns.IsExhausted)
        {
            end.RestartSoon();
        }
    }

    [LoggerMessage(922, LogLevel.Critical, "A call of {Function} could not be read: {Code}.")]
    private static partial void LogUnreadable(ILogger log, string function, string code);

    [LoggerMessage(923, LogLevel.Error, "A call of {Function} could not be answered: {Type}.")]
    private static partial void LogBroke(ILogger log, string function, string type);
}
