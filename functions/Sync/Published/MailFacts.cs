using System.Buffers.Text;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Mailbox;
using PracticPro.Vault;

namespace PracticPro.Sync.Published;

/// <summary>Who waits for whom, and whom the practice knows: what other rooms may ask of the synced mail.</summary>
internal sealed class MailFacts(TenantScopes scopes)
{
    /// <summary>Conversations in which the practice owes a reply, the longest waiting last.</summary>
    public async Task<Page<WaitingConversation>> WaitingAsync(
        TenantId tenant, ConnectionId connection, int limit, Cursor? after, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var page = await scope.Records.ListAsync(
            SyncKinds.Thread,
            MailThread.ByWaiting,
            MailThread.WaitingPrefix(Waiting.ForUs, connection),
            ListOrder.Descending,
            limit,
            after,
            cancellation);
        return page.Select(item => new WaitingConversation(
            connection,
            item.Value.ThreadId,
            item.Value.Counterpart!.Address,
            item.Value.Counterpart.Name,
            item.Value.Subject,
            item.Value.LastMessageId,
            item.Value.LastReferences,
            item.Value.LastGmailId,
            item.Value.LastAt));
    }

    /// <summary>What is known of an address, or null when the practice has never written with it.</summary>
    public async Task<KnownContact?> FindContactAsync(TenantId tenant, EmailAddress address, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var contact = await scope.FindAsync(SyncKinds.Contact, HashOf(scope, address), cancellation);
        return contact is null
            ? null
            : Known(contact.Value) with { Address = address };
    }

    /// <summary>Contacts, the latest contact first.</summary>
    public async Task<Page<KnownContact>> ContactsAsync(
        TenantId tenant, int limit, Cursor? after, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var page = await scope.Records.ListAsync(
            SyncKinds.Contact, MailContact.ByLastContact, "", ListOrder.Descending, limit, after, cancellation);
        return page.Select(item => Known(item.Value));
    }

    private static KnownContact Known(MailContact contact) => new(
        contact.Person.Address,
        contact.Person.Name,
        contact.FirstAt,
        contact.LastContactAt,
        WrittenTo: contact.LastOutboundAt is not null);

    /// <summary>The one form in which an address may be a key or stand in an index.</summary>
    public static string HashOf(TenantScope scope, EmailAddress address) =>
        Base64Url.EncodeToString(scope.Keys.BlindIndex(Purpose.Records, "mail-address", address.Normalised).AsSpan(0, 16));
}

/// <summary>Somebody wrote last and waits.</summary>
/// <param name="LastGmailId">The message that waits, by the provider's id.</param>
internal sealed record WaitingConversation(
    ConnectionId Connection,
    string ThreadId,
    EmailAddress Address,
    string Name,
    string Subject,
    string LastMessageId,
    string LastReferences,
    string LastGmailId,
    DateTimeOffset Since);

/// <param name="WrittenTo">The practice wrote to them; otherwise they have only written to it, which anybody can.</param>
internal sealed record KnownContact(
    EmailAddress Address, string Name, DateTimeOffset FirstAt, DateTimeOffset LastContactAt, bool WrittenTo);
