using Google.Protobuf;
using PracticPro.Durable.Execution;
using PracticPro.Durable.History;
using PracticPro.Durable.Protocol;

namespace PracticPro.Durable.Serve;

/// <summary>
/// From a worker's response to what the hub writes. Nothing a worker sends may stop the hub: a response that cannot be
/// carried out as a whole fails its instance, and says by a code why. Trying it again would help nobody.
/// </summary>
internal static class ReadTurnAnswer
{
    private const int LongestName = 200;

    /// <param name="limit">Largest payload, in UTF-8 bytes.</param>
    public static TurnAnswer Of(TurnOffer offer, Wire.OrchestratorResponse response, int limit)
    {
        List<OrchestratorAction>? actions;
        try
        {
            actions = Actions(response);
        }
        catch (Exception unreadable) when (unreadable is InvalidOperationException or ArgumentException or FormatException)
        {
            // A time outside of what a calendar has.
            actions = null;
        }

        if (actions is null || !AreInOrder(actions))
        {
            return Broken(offer, "actions");
        }

        if (!Payload.FitsLimit(response.CustomStatus, limit) || !actions.TrueForAll(action => Fits(action, limit)))
        {
            return Broken(offer, FailureCodes.TooLarge);
        }

        var goesOn = !actions.Exists(action => action is OrchestratorAction.CompleteOrchestration);
        return Write(
            offer,
            new TurnResult(actions, response.CustomStatus, IsSuspended(offer)),
            goesOn ? response.OrchestrationTraceContext?.ToByteArray() : null);
    }

    /// <summary>Ends the instance: no worker can take this turn.</summary>
    public static TurnAnswer Broken(TurnOffer offer, string detail)
    {
        var failure = FailureDetails.OfEngine(FailureCodes.TurnBroke, detail);
        var end = new OrchestratorAction.CompleteOrchestration(0, OrchestrationStatus.Failed, failure.Code, failure);
        return Write(offer, new TurnResult([end], offer.Cell.CustomStatus, false), null);
    }

    private static TurnAnswer Write(TurnOffer offer, TurnResult result, byte[]? span)
    {
        List<HistoryEvent> recorded = [new HistoryEvent.OrchestratorStarted(offer.At)];
        recorded.AddRange(offer.Taken.Select(message => message.Event));
        recorded.AddRange(result.Actions.Select(action => action.ToEvent(offer.At)));
        recorded.Add(new HistoryEvent.OrchestratorCompleted(offer.At));
        return new TurnAnswer(result, HistoryJson.Format(recorded), span);
    }

    /// <summary>Null when one of them is not known here.</summary>
    private static List<OrchestratorAction>? Actions(Wire.OrchestratorResponse response)
    {
        List<OrchestratorAction> actions = [];
        foreach (var wire in response.Actions)
        {
            if (WireActions.FromWire(wire) is not { } action)
            {
                return null;
            }

            actions.Add(action is OrchestratorAction.CompleteOrchestration { Status: OrchestrationStatus.Failed, Failure: null } end
                ? end with { Failure = new FailureDetails("", FailureCodes.Foreign, Detail: end.Result) }
                : action);
        }

        return actions;
    }

    /// <summary>Ids once each, names that are names, and at most one end, of a kind that is one.</summary>
    private static bool AreInOrder(List<OrchestratorAction> actions) =>
        actions.Select(action => action.Id).Distinct().Count() == actions.Count
        && actions.TrueForAll(action => action switch
        {
            OrchestratorAction.ScheduleTask task => IsName(task.Name),
            OrchestratorAction.CreateSubOrchestration child => IsName(child.Name),
            OrchestratorAction.SendEvent send => IsName(send.Name),
            OrchestratorAction.CompleteOrchestration end =>
                end.Status.IsFinal() || end.Status == OrchestrationStatus.ContinuedAsNew,
            _ => true,
        })
        && actions.Count(action => action is OrchestratorAction.CompleteOrchestration) <= 1;

    private static bool Fits(OrchestratorAction action, int limit) => action switch
    {
        OrchestratorAction.ScheduleTask task => Payload.FitsLimit(task.Input, limit),
        OrchestratorAction.CreateSubOrchestration child => Payload.FitsLimit(child.Input, limit),
        OrchestratorAction.SendEvent send => Payload.FitsLimit(send.Payload, limit),
        OrchestratorAction.CompleteOrchestration end => Payload.FitsLimit(end.Result, limit),
        _ => true,
    };

    /// <summary>A worker does not say so; the last word of the past and of this turn's messages does.</summary>
    private static bool IsSuspended(TurnOffer offer)
    {
        var suspended = offer.Cell.Status == OrchestrationStatus.Suspended;
        foreach (var message in offer.Taken)
        {
            suspended = message.Event switch
            {
                HistoryEvent.ExecutionSuspended => true,
                HistoryEvent.ExecutionResumed => false,
                _ => suspended,
            };
        }

        return suspended;
    }

    /// <summary>What a name may be that goes into tables and histories.</summary>
    public static bool IsName(string name) => name.Length is >= 1 and <= LongestName && !name.Any(char.IsControl);
}
