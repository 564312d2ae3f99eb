using PracticPro.Audit;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Gmail;

/// <summary>Gmail as a way out: drafts, sending by draft, and looking up what became of it.</summary>
internal sealed class GmailSender(TenantScopes scopes, GmailMailboxes mailboxes) : IMailSender
{
    public async Task<Outcome<SenderStanding>> StandingAsync(
        TenantId tenant, ConnectionId connection, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var stored = await scope.FindAsync(SyncKinds.Connection, connection.Text, cancellation);
        if (stored is null)
        {
            return new SyncFailures.NoSuchConnection();
        }

        var settings = await scope.FindAsync(
            SyncKinds.MailboxSettings, MirrorKey.Of(connection, MailboxSettingsSource.Whole), cancellation);
        return new SenderStanding(
            stored.Value.Mailbox,
            stored.Value.State == ConnectionState.Active,
            stored.Value.Scopes.Contains(GmailConnector.ComposeScope))
        {
            Aliases =
            [
                .. (settings?.Value.SendAs ?? [])
                    .Where(alias => alias.IsVerified && alias.Address != stored.Value.Mailbox)
                    .Select(static alias => alias.Address),
            ],
        };
    }

    public async Task<Outcome<string>> CreateDraftAsync(
        TenantId tenant, ConnectionId connection, SendPermit permit, DraftContent content, CancellationToken cancellation)
    {
        if (await BarredAsync(tenant, connection, permit, cancellation) is { } barred)
        {
            return barred;
        }

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
        if (await BarredAsync(tenant, connection, permit, cancellation) is { } barred)
        {
            return new SendOutcome.NotSent(barred);
        }

        var outcome = await mailboxes.Of(tenant, connection)
            .SendDraftAsync(permit, draftId, content.Mime, content.ThreadId, cancellation);
        return outcome.Failure switch
        {
            null => new SendOutcome.Sent(outcome.Expect().Id),

            // The provider answered, and its answer is no; or nothing was asked of it.
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

        var sent = await SentAsync(mailbox, bare, cancellation);
        if (!sent.Try(out var message, out why))
        {
            return why;
        }

        return message.Id is { } sentId ? new Whereabouts.InSent(sentId)
            : found.Id is { } id ? new Whereabouts.StillDraft(id)
            : new Whereabouts.Nowhere();
    }

    /// <summary>Null when a write may be tried: the permit is this tenant's, and the mailbox is still connected.</summary>
    private async Task<Failure?> BarredAsync(
        TenantId tenant, ConnectionId connection, SendPermit permit, CancellationToken cancellation)
    {
        if (permit.Tenant != tenant)
        {
            return new EgressFailures.NoPermit();
        }

        var standing = await StandingAsync(tenant, connection, cancellation);
        return standing.Try(out var stands, out var why)
            ? stands.Active ? null : new SyncFailures.NotConnected()
            : why;
    }

    private static async Task<Outcome<Found>> DraftAsync(
        GmailMailbox mailbox, string messageId, string? draftId, CancellationToken cancellation)
    {
        if (draftId is not null)
        {
            var there = await mailbox.HasDraftAsync(draftId, cancellation);
            return there.Try(out var has, out var whyNot) ? new Found(has ? draftId : null) : whyNot;
        }

        var search = await mailbox.DraftsAsync(messageId, cancellation);
        if (!search.Try(out var drafts, out var why))
        {
            return why;
        }

        if (drafts is [var first, ..])
        {
            return new Found(first.Id);
        }

        var newest = await mailbox.DraftsAsync(null, cancellation);
        return newest.Try(out drafts, out why)
            ? await WithMessageIdAsync(
                mailbox, messageId, drafts.Select(draft => (draft.Id, draft.Message?.Id)), cancellation)
            : why;
    }

    private static async Task<Outcome<Found>> SentAsync(
        GmailMailbox mailbox, string messageId, CancellationToken cancellation)
    {
        var search = await mailbox.SentAsync(messageId, cancellation);
        if (!search.Try(out var messages, out var why))
        {
            return why;
        }

        if (messages is [var first, ..])
        {
            return new Found(first.Id);
        }

        var newest = await mailbox.SentAsync(null, cancellation);
        return newest.Try(out messages, out why)
            ? await WithMessageIdAsync(
                mailbox, messageId, messages.Select(message => (message.Id, (string?)message.Id)), cancellation)
            : why;
    }

    /// <summary>
    /// Reads the newest ones themselves: Gmail's search learns of new mail late, and "not found" must not rest on it.
    /// </summary>
    private static async Task<Outcome<Found>> WithMessageIdAsync(
        GmailMailbox mailbox,
        string messageId,
        IEnumerable<(string Id, string? MessageId)> newest,
        CancellationToken cancellation)
    {
        foreach (var (id, gmailId) in newest.Where(one => one.MessageId is not null))
        {
            var envelope = await mailbox.EnvelopeAsync(gmailId!, cancellation);
            if (envelope.Failure is { } why and not SyncFailures.Gone)
            {
                return why;
            }

            if (envelope.Try(out var message, out _) && EnvelopeReader.MessageIdOf(message).Trim('<', '>') == messageId)
            {
                return new Found(id);
            }
        }

        return new Found(null);
    }

    private readonly record struct Found(string? Id);
}
