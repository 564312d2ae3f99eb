using PracticPro.Durable.Embedded;

namespace PracticPro.Durable.Serve;

/// <summary>Who is connected, and what they have in hand: how it comes back.</summary>
internal sealed partial class ServedDispatch
{
    public void Join(Seat seat)
    {
        seats.Add(seat);
        if (seat.TurnPlaces > 0)
        {
            leases.Join(seat);
        }

        RouteAgain();
    }

    /// <summary>The worker has gone: what it had in hand is offered to others at once.</summary>
    public void Leave(Seat seat)
    {
        if (!seats.Remove(seat))
        {
            return;
        }

        leases.Leave(seat);
        foreach (var offer in inHand.Values.Where(offer => offer.Seat == seat).ToList())
        {
            GiveBack(offer);
        }

        while (seat.Ready.TryTake(out var key))
        {
            core.Turns.Add(key);
        }

        RouteAgain();
    }

    /// <summary>Ends the token and frees the place. False when somebody did before.</summary>
    public bool Close(Offer offer)
    {
        if (!inHand.TryRemove(offer.Token, out _))
        {
            return false;
        }

        if (offer is TurnOffer)
        {
            offer.Seat.Turns--;
        }
        else
        {
            offer.Seat.Activities--;
        }

        return true;
    }

    /// <summary>The work waits again, as if it had not been offered.</summary>
    public bool GiveBack(Offer offer)
    {
        if (!Close(offer))
        {
            return false;
        }

        switch (offer)
        {
            case TurnOffer turn:
                core.AbandonTurn(turn.Cell);
                break;
            case ActivityOffer activity:
                core.RunningActivities--;
                shelf.Add(activity.Task);
                break;
        }

        return true;
    }

    /// <summary>The same for a worker that will not do it: later each time, so that nobody turns in circles.</summary>
    public bool Refuse(Offer offer)
    {
        if (!Close(offer))
        {
            return false;
        }

        switch (offer)
        {
            case TurnOffer { Cell: var cell }:
                core.RunningTurns--;
                cell.InTurn = false;
                core.Cells.Trim();
                refusals.Delay(cell.Key, () => core.Turns.Add(cell.Key));
                break;
            case ActivityOffer { Task: var task }:
                core.RunningActivities--;
                refusals.Delay(-task.Seq, () => shelf.Add(task));
                break;
        }

        return true;
    }

    /// <summary>It was answered: what it was refused before is forgotten.</summary>
    public void Settled(Offer offer) =>
        refusals.Forget(offer is TurnOffer turn ? turn.Cell.Key : -((ActivityOffer)offer).Task.Seq);

    /// <summary>The instance goes away as it is: a turn of it in somebody's hands is worth nothing any more.</summary>
    public void Revoke(InstanceCell cell)
    {
        if (cell.InTurn
            && inHand.Values.OfType<TurnOffer>().FirstOrDefault(turn => turn.Cell == cell) is { } offer
            && Close(offer))
        {
            core.RunningTurns--;
            cell.InTurn = false;
        }
    }

    /// <summary>Gives back every turn whose time is over.</summary>
    public int GiveBackOverdue() =>
        limits.Overdue().Count(token => TryFind<TurnOffer>(token, out var offer) && GiveBack(offer));
}
