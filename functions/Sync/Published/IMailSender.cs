using System.Collections.Immutable;
using PracticPro.Egress;
using PracticPro.Kernel;

namespace PracticPro.Sync.Published;

/// <summary>
/// A connected mailbox as a way out. Built for exactly-once: a draft is made once and found again by its Message-ID,
/// and sending is by the draft's id, which the provider accepts once. Nothing is retried in here.
/// <para>
/// Where a draft is of no use, because sending it by its id would send whatever it holds by then and not the approved bytes
/// (Microsoft Graph), none is made: <see cref="CreateDraftAsync"/> asks nothing of the provider and gives
/// <see cref="NoDraft"/>; sending takes the bytes themselves, once; and a look finds the message in Sent or
/// <see cref="Whereabouts.Nowhere"/>, never <see cref="Whereabouts.StillDraft"/>, since a second try could make a second mail.
/// What cannot be found is then told as unknown.
/// </para>
/// </summary>
internal interface IMailSender
{
    /// <summary>In place of a draft id, where the provider's drafts are of no use.</summary>
    const string NoDraft = "no-draft";

    /// <summary>Whether anything can leave from there now. Asks no provider.</summary>
    Task<Outcome<SenderStanding>> StandingAsync(TenantId tenant, ConnectionId connection, CancellationToken cancellation);

    /// <summary>Makes the draft at the provider. Not idempotent: look first.</summary>
    /// <returns>
    /// The provider's draft id, or <see cref="NoDraft"/>. A failure may mean that it was made all the same.
    /// </returns>
    Task<Outcome<string>> CreateDraftAsync(
        TenantId tenant, ConnectionId connection, SendPermit permit, DraftContent content, CancellationToken cancellation);

    /// <summary>Sends the draft with exactly the given bytes; with <see cref="NoDraft"/>, the bytes themselves.</summary>
    Task<SendOutcome> SendDraftAsync(
        TenantId tenant,
        ConnectionId connection,
        SendPermit permit,
        string draftId,
        DraftContent content,
        CancellationToken cancellation);

    /// <summary>
    /// Where the message with this Message-ID is at the provider. Reads only; may be asked at any time. Does not rest on
    /// the provider's search alone, which may lag behind.
    /// </summary>
    /// <param name="draftId">The draft, once it is known.</param>
    Task<Outcome<Whereabouts>> LookUpAsync(
        TenantId tenant, ConnectionId connection, string messageId, string? draftId, CancellationToken cancellation);
}

/// <param name="Active">The grant is alive as far as is known.</param>
/// <param name="MaySend">The grant holds the scope for drafting and sending.</param>
internal sealed record SenderStanding(EmailAddress Mailbox, bool Active, bool MaySend)
{
    /// <summary>Other addresses of the account's owner that the provider lets stand in the From field: those it saw verified.</summary>
    public ImmutableArray<EmailAddress> Aliases { get; init; } = [];

    /// <summary>All addresses that a mail may name as its sender, the mailbox's own first. Whether it may leave at all is another matter.</summary>
    public ImmutableArray<EmailAddress> Senders => [Mailbox, .. Aliases];
}

/// <param name="Mime">The exact bytes of the message.</param>
/// <param name="ThreadId">The provider's conversation, or null for a new one.</param>
internal sealed record DraftContent(ReadOnlyMemory<byte> Mime, string? ThreadId);

/// <summary>How asking the provider to send ended.</summary>
internal abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>The provider says it is sent.</summary>
    public sealed record Sent(string ProviderId) : SendOutcome;

    /// <summary>The provider says no, or was never reached: nothing left.</summary>
    public sealed record NotSent(Failure Why) : SendOutcome;

    /// <summary>There is no telling from here. Look it up.</summary>
    public sealed record Unclear : SendOutcome;
}

/// <summary>Where a message is at the provider.</summary>
internal abstract record Whereabouts
{
    private Whereabouts()
    {
    }

    public sealed record InSent(string ProviderId) : Whereabouts;

    /// <summary>Still a draft there: it has not left.</summary>
    public sealed record StillDraft(string DraftId) : Whereabouts;

    public sealed record Nowhere : Whereabouts;
}
