using PracticPro.Durable.Embedded;

namespace PracticPro.Durable.Serve;

/// <summary>A worker has connected.</summary>
internal sealed class TakeSeat(ServedDispatch dispatch, Seat seat) : HubCommand
{
    public override void Apply(HubCore core) => dispatch.Join(seat);

    public override void Refused(Exception cause) => seat.Close();
}

/// <summary>A worker's stream has ended, however it ended.</summary>
internal sealed class LeaveSeat(ServedDispatch dispatch, Seat seat) : HubCommand
{
    public override void Apply(HubCore core) => dispatch.Leave(seat);
}

/// <summary>A worker will not do what it was given. False when it was not its to give back any more.</summary>
internal sealed class RefuseOffer(ServedDispatch dispatch, Offer offer) : HubCommand<bool>
{
    protected override bool Decide(HubCore core) => dispatch.Refuse(offer);
}

/// <summary>Some turns may have been in somebody's hands for too long.</summary>
internal sealed class ReviewTurns(ServedDispatch dispatch) : HubCommand
{
    public override void Apply(HubCore core) => dispatch.GiveBackOverdue();
}
