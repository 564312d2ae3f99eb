using PracticPro.Audit;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Gmail;

/// <summary>Gmail as a way out: drafts, sending by draft, and looking up what became of it.</summary>
internal sealed class GmailSender(TenantScopes scopes, GmailMailboxes mailboxes) : IMailSender
{
    public async Task<Outcome<SenderStanding>> StandingAsync(
        TenantId tenant, ConnectionId connection, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var stored = await scope.FindAsync(SyncKinds.Connection, connection.Text, cancellation);
        return stored is null
            ? new SyncFailures.NoSuchConnection()
            : new SenderStanding(
                stored.Value.Mailbox,
                stored.Value.State == ConnectionState.Active,
                GoogleGrants.HoldsSendScope(stored.Value.Scopes));
    }

    public async Task<Outcome<string>> CreateDraftAsync(
        TenantId tenant, ConnectionId connection, SendPermit permit, DraftContent content, CancellationToken cancellation)
    {
        var outcome = await mailboxes.Of(tenant, connection)
            .CreateDraftAsync(permit, content.Mime, content.ThreadId, cancellation);
        return outcome.Try(out var draft, out var why) ? draft.Id : why;
    }

    public async Task<SendOutcome> SendDraftAsync(
        TenantId tenant,
        ConnectionId connection,
        SendPermit permit,
        string draftId,
        DraftContent content,
        CancellationToken cancellation)
    {
        var outcome = await mailboxes.Of(tenant, connection)
            .SendDraftAsync(permit, draftId, content.Mime, content.ThreadId, cancellation);
        return outcome.Failure switch
        {
            null => new SendOutcome.Sent(outcome.Expect().Id),

            // The provider answered, and its answer is no. A draft that is not there was never sent by this call.
            SyncFailures.RateLimited or SyncFailures.ScopeMissing or SyncFailures.ProviderRefused
                or SyncFailures.AccessExpired or SyncFailures.GrantDead or SyncFailures.NotConnected
                or EgressFailures.NotReached or EgressFailures.NoPermit => new SendOutcome.NotSent(outcome.Failure),

            // No answer, half an answer, a server error, or a draft that is gone: it may have left.
            _ => new SendOutcome.Unclear(),
        };
    }

    public async Task<Outcome<Whereabouts>> LookUpAsync(
        TenantId tenant, ConnectionId connection, string messageId, string? draftId, CancellationToken cancellation)
    {
        var mailbox = mailboxes.Of(tenant, connection);
        var bare = messageId.Trim('<', '>');

        // The draft is looked at first and Sent last: a message that moves from one to the other in between is seen.
        var draft = await DraftAsync(mailbox, bare, draftId, cancellation);
        if (!draft.Try(out var found, out var why))
        {
            return why;
        }

        var sent = await mailbox.FindSentAsync(bare, cancellation);
        if (!sent.Try(out var message, out why))
        {
            return why;
        }

        return message is not null ? new Whereabouts.InSent(message.Id)
            : found.Id is { } id ? new Whereabouts.StillDraft(id)
            : new Whereabouts.Nowhere();
    }

    private static async Task<Outcome<FoundDraft>> DraftAsync(
        GmailMailbox mailbox, string messageId, string? draftId, CancellationToken cancellation)
    {
        if (draftId is not null)
        {
            var there = await mailbox.HasDraftAsync(draftId, cancellation);
            return there.Try(out var has, out var whyNot) ? new FoundDraft(has ? draftId : null) : whyNot;
        }

        var search = await mailbox.FindDraftAsync(messageId, cancellation);
        return search.Failure is { } why ? why : new FoundDraft(search.Expect()?.Id);
    }

    private readonly record struct FoundDraft(string? Id);
}
