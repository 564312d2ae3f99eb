using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Approvals.Published;

/// <summary>
/// Puts an event before the practice's people: one to be made in a connected calendar, or one to be changed or cancelled
/// there. It happens only if one of them approves exactly it, and only to the event as it was shown.
/// </summary>
internal sealed class ProposeEvent(TenantScopes scopes, IEventWriter events, PutUp putUp)
{
    /// <param name="Event">What is to be: whole for a new event, what is to be different for a change; null to cancel.</param>
    /// <param name="Calendar">For a new event: the provider's id of the calendar, or empty for the account's main one.</param>
    /// <param name="Place">The event that is to be changed or cancelled; null for a new one.</param>
    /// <param name="TellGuests">Whether the provider writes to the guests about it.</param>
    /// <param name="Basis">What this answers to; equal for equal occasions.</param>
    /// <param name="Because">Why it is proposed, for the approver.</param>
    public sealed record Proposal(
        Actor By,
        ConnectionId Connection,
        EventDraft? Event,
        string Calendar,
        EventPlace? Place,
        bool TellGuests,
        string Basis,
        string Because);

    public async Task<Outcome<ApprovalId>> RunAsync(TenantId tenant, Proposal proposal, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var id = PutUp.IdOf(tenant, proposal.Connection, $"event\n{proposal.Basis}");
        if (await scope.FindAsync(ApprovalKinds.Approval, id.Text, cancellation) is not null)
        {
            return id;
        }

        var standing = await events.StandingAsync(tenant, proposal.Connection, cancellation);
        if (!standing.Try(out var account, out var why))
        {
            return why;
        }

        var written = proposal.Place is { } place
            ? await ExistingAsync(tenant, account, proposal, place, cancellation)
            : EventDrafts.Write(proposal.Event, null).Then(content => new OutgoingEvent(
                account.Mailbox,
                new EventOrder.Create(ApprovalMarks.Of(id, 1), proposal.Calendar, content, proposal.TellGuests)));
        return written.Try(out var action, out why)
            ? await putUp.RunAsync(
                scope, id, new Origin(proposal.By, proposal.Connection, null, proposal.Because), action, cancellation)
            : why;
    }

    private async Task<Outcome<OutgoingEvent>> ExistingAsync(
        TenantId tenant, SenderStanding account, Proposal proposal, EventPlace place, CancellationToken cancellation)
    {
        if (!EventDrafts.IsPlace(place))
        {
            return new ApprovalFailures.BadEvent();
        }

        var read = await events.ReadAsync(tenant, proposal.Connection, place, cancellation);
        if (!read.Try(out var there, out var why))
        {
            return why;
        }

        if (proposal.Event is null)
        {
            return Of(new EventOrder.Cancel(place, there.ETag, proposal.TellGuests));
        }

        return EventDrafts.Write(proposal.Event, there.Event)
            .Then(content => Of(new EventOrder.Change(place, there.ETag, content, proposal.TellGuests)));

        OutgoingEvent Of(EventOrder order) => new(account.Mailbox, order, there.Event, there.IsSeries, there.IsOurs);
    }
}

/// <summary>An event as somebody wants it. What is null stays as it is, or is empty for a new one.</summary>
internal sealed record EventDraft(
    string? Title, string? Description, string? Location, EventSpan? When, ImmutableArray<EventGuest>? Guests);
