using Google.Protobuf;
using PracticPro.Durable.Wire;
using PracticPro.FunctionsHost.Answers;
using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Payload;

namespace PracticPro.FunctionsHost.Durable;

/// <summary>
/// Takes one turn: asks the handler, judges what it says, and goes round again while the orchestration continues as new.
/// Whatever is not a usable answer ends the instance for good; only the host's own trouble leaves it to be taken again.
/// </summary>
internal sealed class TurnTaker(DurableSettings settings, Invoker invoker, Payloads payloads)
{
    public async Task<TurnEnd> TakeAsync(TurnState state)
    {
        while (true)
        {
            var commit = new TurnCommit(state, invoker.Clock, invoker.Dice);
            if (settings.Orchestration(state.Name) is not { } function)
            {
                commit.Fail(
                    $"Orchestrator function '{state.Name}' failed: it does not exist, is disabled, or is no orchestrator function.");
                return TurnEnd.Kept;
            }

            invoker.Events.Statistics.Count(Figure.Turns);
            var body = payloads.Turn(function, state.ToRequest());
            var outcome = await invoker.InvokeAsync(function, body);
            if (outcome.Kind is OutcomeKind.Abandoned or OutcomeKind.TimedOut)
            {
                return TurnEnd.Again;
            }

            var failure = outcome.Failure;
            if (failure is null)
            {
                (var response, failure) = Read(function, outcome.Answer!);
                if (response is { RequiresHistory: true } && settings.Extension == ExtensionVersion.Three)
                {
                    return TurnEnd.AgainLater;
                }

                failure ??= await DifferenceAsync(function, body, response!);
                if (failure is null && Apply(function, commit, response!, ref failure) is { } goesOn)
                {
                    if (goesOn)
                    {
                        continue;
                    }

                    return TurnEnd.Kept;
                }
            }

            commit.Fail(Output(function, failure!));
            return TurnEnd.Kept;
        }
    }

    /// <summary>What the status of an instance shows that the host failed.</summary>
    public static string Output(Function function, HostFailure failure)
    {
        var message = JsonText.Quote($"Function '{function.Name}' failed with an unhandled exception.");
        return $$"""{"message":{{message}},"details":{{JsonText.Quote(failure.ToString())}}}""";
    }

    private static bool? Apply(Function function, TurnCommit commit, OrchestratorResponse response, ref HostFailure? failure)
    {
        try
        {
            return commit.Apply(response);
        }
        catch (NotSupportedException unknown)
        {
            failure = HostFailure.Invocation(function, HostFailure.Of(unknown));
            return null;
        }
    }

    private static (OrchestratorResponse?, HostFailure?) Read(Function function, HandlerAnswer answer)
    {
        try
        {
            return DurableResult.OfTurn(answer.ReturnValue) is { } bytes
                ? (OrchestratorResponse.Parser.ParseFrom(bytes), null)
                : (null, HostFailure.Invocation(function, HostFailure.NullResponse()));
        }
        catch (Exception broken) when (broken is FormatException or InvalidProtocolBufferException)
        {
            return (null, HostFailure.Invocation(function, HostFailure.Of(broken)));
        }
    }

    // The same question must get the same bytes; a second answer that fails proves nothing.
    private async Task<HostFailure?> DifferenceAsync(Function function, byte[] body, OrchestratorResponse first)
    {
        if (!settings.RepeatsTurns)
        {
            return null;
        }

        invoker.Events.Statistics.Count(Figure.TurnsRepeated);
        var again = await invoker.InvokeAsync(function, body);
        if (again.Kind != OutcomeKind.Answered || Read(function, again.Answer!).Item1 is not { } second
            || second.ToByteString().Equals(first.ToByteString()))
        {
            return null;
        }

        invoker.Events.Statistics.Count(Figure.TurnsDiffering);
        return HostFailure.Invocation(function, new HostFailure(
            "PracticPro.FunctionsHost.DifferentAnswerException", "The same turn was answered with other bytes the second time."));
    }
}

/// <summary>What becomes of a turn.</summary>
internal enum TurnEnd
{
    Kept,

    /// <summary>As if it had never been taken; taken again at once.</summary>
    Again,

    /// <summary>The same, after a pause: the handler asked for it.</summary>
    AgainLater,
}
