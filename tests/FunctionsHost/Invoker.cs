using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using PracticPro.FunctionsHost.Answers;
using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Faults;
using PracticPro.FunctionsHost.Handler;

namespace PracticPro.FunctionsHost;

/// <summary>
/// Runs functions in payload mode: waits for a handler, sends, judges the answer, keeps the time limit (and kills the
/// handler when it is over), and lets faults strike.
/// </summary>
/// <param name="Limit">How long a function may take; null for no limit.</param>
/// <param name="Stopping">The host stops: what runs is abandoned and counts as never begun.</param>
internal sealed record Invoker(
    IHandler Handler, HandlerCall Call, FaultPlan Faults, HostEvents Events, Dice Dice, TimeProvider Clock, TimeSpan? Limit,
    CancellationToken Stopping)
{
    public async Task<Outcome> InvokeAsync(Function function, byte[] body)
    {
        using var limit = Limit is { } time ? new CancellationTokenSource(time, Clock) : new CancellationTokenSource();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(Stopping, limit.Token);
        try
        {
            var (answer, failure) = await TryAsync(function, body, both.Token);
            if (answer is null && failure is null)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, Clock, both.Token);
            }

            return Stopping.IsCancellationRequested ? Outcome.Abandoned
                : failure is null ? new Outcome(OutcomeKind.Answered, answer, null)
                : Failed(function, failure);
        }
        catch (OperationCanceledException)
        {
            return Stopping.IsCancellationRequested ? Outcome.Abandoned : await TimedOutAsync(function);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException)
        {
            return Stopping.IsCancellationRequested ? Outcome.Abandoned : Failed(function, HostFailure.Of(lost));
        }
    }

    private static Outcome Failed(Function function, HostFailure failure) =>
        new(OutcomeKind.Failed, null, HostFailure.Invocation(function, failure));

    private async Task<Outcome> TimedOutAsync(Function function)
    {
        Events.Statistics.Count(Figure.FunctionTimeouts);
        Events.Write($"{function.Name} exceeded its time: the handler is killed");
        await Handler.RestartAsync(Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new Outcome(OutcomeKind.TimedOut, null, HostFailure.Timeout(function, Limit!.Value));
    }

    private async Task<(HandlerAnswer?, HostFailure?)> TryAsync(Function function, byte[] body, CancellationToken cancellation)
    {
        var fault = Faults.Take(function, Dice);
        if (fault is not null)
        {
            Events.Statistics.Count(Figure.FaultsInjected);
            Events.Write($"{fault.Kind} strikes {function.Name}");
        }

        var life = await Handler.ReadyAsync(cancellation);
        switch (fault?.Kind)
        {
            case FaultKind.Refuse:
                var refused = new SocketException((int)SocketError.ConnectionRefused);
                throw new HttpRequestException($"{refused.Message} ({life.Address.Authority})", refused);
            case FaultKind.Stall:
                await Task.Delay(fault.Wait, Clock, cancellation);
                break;
            case FaultKind.KillWhileRunning:
                return await KillInFlightAsync(life, function, body, cancellation);
            default:
                break;
        }

        var (response, answer) = await Call.PostAsync(life, function, Dice.NextGuid(), body, () => { }, cancellation);
        using (response)
        {
            return await StrikeAsync(fault, response, answer);
        }
    }

    private async Task<(HandlerAnswer?, HostFailure?)> StrikeAsync(FaultRule? fault, HttpResponseMessage response, byte[] answer)
    {
        switch (fault?.Kind)
        {
            case FaultKind.KillAfterAnswer:
                await Handler.KillAsync();
                throw HandlerCall.Lost();
            case FaultKind.Close:
                throw HandlerCall.Lost();
            case FaultKind.Hang:
                return (null, null);
            case FaultKind.Status:
                using (var refusal = new HttpResponseMessage((HttpStatusCode)fault.Status)
                    { ReasonPhrase = ReasonPhrases.GetReasonPhrase(fault.Status) })
                {
                    return AnswerJudge.Judge(refusal, []);
                }

            case FaultKind.EmptyReturn:
                response.Content.Headers.ContentType = new("application/json");
                return AnswerJudge.Judge(response, Encoding.UTF8.GetBytes("""{"Outputs":{},"Logs":[],"ReturnValue":""}"""));
            default:
                return AnswerJudge.Judge(response, answer);
        }
    }

    // The request is out and the handler is gone before its answer could be taken, whichever was faster.
    private async Task<(HandlerAnswer?, HostFailure?)> KillInFlightAsync(
        HandlerLife life, Function function, byte[] body, CancellationToken cancellation)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = Call.PostAsync(life, function, Dice.NextGuid(), body, () => sent.TrySetResult(), cancellation);
        await Task.WhenAny(sent.Task, call);
        await Handler.KillAsync();
        var (response, _) = await call;
        response.Dispose();
        throw HandlerCall.Lost();
    }
}

/// <summary>How one invocation ended.</summary>
internal sealed record Outcome(OutcomeKind Kind, HandlerAnswer? Answer, HostFailure? Failure)
{
    public static readonly Outcome Abandoned = new(OutcomeKind.Abandoned, null, null);
}

internal enum OutcomeKind
{
    Answered,

    /// <summary>The handler failed, in any of the ways it can.</summary>
    Failed,

    /// <summary>The function took too long, and the handler was killed for it.</summary>
    TimedOut,

    /// <summary>The host stopped first.</summary>
    Abandoned,
}
