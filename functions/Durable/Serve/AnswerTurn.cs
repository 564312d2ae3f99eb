using PracticPro.Durable.Embedded;
using PracticPro.Durable.Execution;
using PracticPro.Durable.History;

namespace PracticPro.Durable.Serve;

/// <summary>Takes a turn that somebody else took. False when its token was worth nothing any more.</summary>
internal sealed class AnswerTurn(ServedDispatch dispatch, TurnOffer offer, TurnAnswer answer) : HubCommand<bool>
{
    private ApplyTurn? turn;

    public override void Committed(HubCore core)
    {
        turn?.Committed(core);
        base.Committed(core);
    }

    protected override bool Decide(HubCore core)
    {
        if (!dispatch.Close(offer))
        {
            return false;
        }

        dispatch.Settled(offer);
        var cell = offer.Cell;
        cell.UpdatedAt = offer.At;
        (cell.Run, cell.Unseen) = (null, []);
        if (!cell.Span.AsSpan().SequenceEqual(answer.Span))
        {
            cell.Span = answer.Span;
            core.Tables.Instances.SaveSpan(cell);
        }

        turn = new ApplyTurn(cell, offer.Taken, answer.Result, answer.Recorded, childrenRunAgain: true);
        turn.Apply(core);
        return true;
    }
}

/// <summary>A turn's result, ready to be written.</summary>
/// <param name="Recorded">The turn's piece of history in its stored form.</param>
/// <param name="Span">What the worker wants to see again at the next turn; null for nothing.</param>
internal sealed record TurnAnswer(TurnResult Result, byte[] Recorded, byte[]? Span);

/// <summary>Takes an activity's answer. False when its token was worth nothing any more.</summary>
/// <param name="stored">The answer in its stored form.</param>
internal sealed class AnswerActivity(ServedDispatch dispatch, ActivityOffer offer, HistoryEvent answer, byte[] stored)
    : HubCommand<bool>
{
    protected override bool Decide(HubCore core)
    {
        if (!dispatch.Close(offer))
        {
            return false;
        }

        dispatch.Settled(offer);
        new ApplyActivity(offer.Task, answer, stored).Apply(core);
        return true;
    }
}
