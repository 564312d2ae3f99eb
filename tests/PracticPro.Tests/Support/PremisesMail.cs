using System.Collections.Immutable;
using System.Text;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.PubSub;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using PracticPro.Sync.Webhooks;
using PracticPro.Vault;

namespace PracticPro.Tests.Support;

/// <summary>What tests ask of a practice's synced mail.</summary>
internal static class PremisesMail
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<IReadOnlyList<MailMessage>> StoredMailAsync(this Premises premises) =>
        await AllAsync(premises, SyncKinds.Message, MailMessage.ByThread);

    public static async Task<StreamCursor> CursorAsync(this Premises premises) =>
        (await (await premises.ScopeAsync()).FindAsync(
            SyncKinds.Cursor, MirrorKey.Of(premises.Connection, MirrorKey.Mailbox), Cancellation))!.Value;

    public static async Task ChangeCursorAsync(this Premises premises, Func<StreamCursor, StreamCursor> change)
    {
        var scope = await premises.ScopeAsync();
        var cursor = change(await premises.CursorAsync());
        Assert.IsType<CommitOutcome.Committed>(
            await scope.CommitAsync([scope.Put(SyncKinds.Cursor, cursor, Condition.Any)], Cancellation));
    }

    public static async Task<Connection> ConnectionAsync(this Premises premises) =>
        (await (await premises.ScopeAsync()).FindAsync(SyncKinds.Connection, premises.Connection.Text, Cancellation))!.Value;

    /// <summary>Both tokens in plain text, as nothing in the program has them; null when none is stored.</summary>
    public static async Task<(string AccessToken, string RefreshToken)?> TokensAsync(this Premises premises)
    {
        var scope = await premises.ScopeAsync();
        var access = await scope.FindAsync(SyncKinds.AccessToken, premises.Connection.Text, Cancellation);
        var refresh = await scope.FindAsync(SyncKinds.RefreshToken, premises.Connection.Text, Cancellation);
        Assert.Equal(access is null, refresh is null);
        return access is null
            ? null
            : (Encoding.ASCII.GetString(access.Value.Token), Encoding.ASCII.GetString(refresh!.Value.Token));
    }

    public static async Task<IReadOnlyList<AuditRecord>> LeavesAsync(this Premises premises, AuditAct act) =>
        await (await premises.ScopeAsync()).LeavesAsync(act);

    /// <summary>The leaves of a practice's audit log that tell of that.</summary>
    public static async Task<IReadOnlyList<AuditRecord>> LeavesAsync(this TenantScope scope, AuditAct act) =>
        [.. (await scope.Audit.ReadAsync(0, 500, Cancellation)).Where(leaf => leaf.Act == act)];

    /// <summary>The store says of every message what the provider says, and the facts are what the messages say.</summary>
    public static async Task AssertInStepAsync(this Premises premises)
    {
        var stored = await premises.StoredMailAsync();
        Assert.Equal(premises.MailThere().Order(StringComparer.Ordinal), Lines(stored).Order(StringComparer.Ordinal));
        await premises.AssertFactsFollowAsync(stored);
    }

    /// <summary>Every message at the provider that is no draft, one line each: its id and what of it is kept here.</summary>
    public static IReadOnlyList<string> MailThere(this Premises premises) =>
    [
        .. premises.Outside.Dump().Messages.Where(message => !message.LabelIds.Contains("DRAFT"))
            .Select(message => Line(message.Id, message.ThreadId, message.InternalDate, message.Size, message.LabelIds)),
    ];

    /// <summary>Stored messages in the same lines.</summary>
    public static IReadOnlyList<string> Lines(IEnumerable<MailMessage> stored) =>
    [
        .. stored.Select(message => Line(
            message.SourceId, message.ThreadId, message.At.ToUnixTimeMilliseconds(), message.SizeBytes, message.Labels)),
    ];

    public static async Task<bool> IsInStepAsync(this Premises premises)
    {
        var stored = (await premises.StoredMailAsync()).Select(message => $"{message.SourceId} {string.Join(',', message.Labels)}");
        var there = premises.Outside.Dump().Messages.Where(message => !message.LabelIds.Contains("DRAFT"))
            .Select(message => $"{message.Id} {string.Join(',', message.LabelIds)}");
        return stored.Order().SequenceEqual(there.Order());
    }

    /// <summary>When pushes were published: each time it is sent, a message says the same.</summary>
    public static readonly DateTimeOffset Published = new(2026, 2, 26, 19, 13, 55, 749, TimeSpan.Zero);

    /// <summary>A push as Pub/Sub would make it; gives what the program answers.</summary>
    public static Task<Outcome<Done>> PushAsync(
        this Premises premises, string pushId = "1000000001", TokenFault fault = TokenFault.None, string address = Outside.Mailbox)
    {
        var settings = new PushSettings(new Uri("http://127.0.0.1:9/")) { Audience = Premises.PushAudience, Email = Premises.PushAccount };
        var token = PushToken.Sign(premises.Outside.World.SigningKeys, settings, premises.Clock.GetUtcNow(), fault);
        var push = new PushMessage(pushId, address, new HistoryId(42), Published);
        return premises.NotifyAsync(
            token is null ? null : $"Bearer {token}",
            Encoding.UTF8.GetBytes(push.ToJson(settings.Subscription).ToJsonString()));
    }

    /// <summary>What Gmail's webhook says to a post.</summary>
    public static async Task<Outcome<Done>> NotifyAsync(this Premises premises, string? authorization, byte[] body) =>
        (await premises.PostAsync(GmailConnector.Name, "Authorization", authorization, body)).Then(static _ => Done.Value);

    /// <summary>What a provider's webhook says to a post with its proof in a header.</summary>
    public static Task<Outcome<WebhookAnswer>> PostAsync(
        this Premises premises, Provider provider, string header, string? proof, ReadOnlyMemory<byte> body)
    {
        var headers = ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);
        var request = new WebhookRequest(
            proof is null ? headers : headers.Add(header.ToLowerInvariant(), proof), ImmutableDictionary<string, string>.Empty, body);
        return premises.Get<ReceiveWebhook>().RunAsync(provider, request, Cancellation);
    }

    /// <summary>What was posted about a connection and is still kept.</summary>
    public static async Task<IReadOnlyList<KeptWebhook>> KeptWebhooksAsync(this Premises premises, ConnectionId connection)
    {
        var page = await (await premises.ScopeAsync()).Records.ListAsync(
            SyncKinds.Webhook, KeptWebhook.ByConnection, KeptWebhook.PrefixOf(connection), ListOrder.Ascending, 100, null, Cancellation);
        return [.. page.Items.Select(item => item.Value)];
    }

    public static async Task<IReadOnlyList<T>> AllAsync<T>(Premises premises, RecordKind<T> kind, string index)
        where T : class
    {
        var scope = await premises.ScopeAsync();
        var all = new List<T>();
        Cursor? after = null;
        do
        {
            var page = await scope.Records.ListAsync(kind, index, "", ListOrder.Ascending, 500, after, Cancellation);
            all.AddRange(page.Items.Select(item => item.Value));
            after = page.Next;
        }
        while (after is not null);
        return all;
    }

    private static async Task AssertFactsFollowAsync(this Premises premises, IReadOnlyList<MailMessage> stored)
    {
        var contacts = stored.Where(message => message.CounterpartHash is not null)
            .GroupBy(message => message.CounterpartHash!)
            .Select(group => group.Aggregate((MailContact?)null, (known, message) => MailContact.With(known, group.Key, message)))
            .OfType<MailContact>();
        var threads = stored.GroupBy(message => message.ThreadId)
            .Select(group => group.Aggregate((MailThread?)null, MailThread.With))
            .OfType<MailThread>();
        Assert.Equal(
            contacts.OrderBy(contact => contact.AddressHash, StringComparer.Ordinal),
            (await AllAsync(premises, SyncKinds.Contact, MailContact.ByLastContact)).OrderBy(contact => contact.AddressHash, StringComparer.Ordinal));
        Assert.Equal(
            threads.OrderBy(thread => thread.ThreadId, StringComparer.Ordinal),
            (await AllAsync(premises, SyncKinds.Thread, MailThread.ByWaiting)).OrderBy(thread => thread.ThreadId, StringComparer.Ordinal));
    }

    private static string Line(string id, string thread, long at, int size, IEnumerable<string> labels) =>
        $"{id} {thread} {at} {size} {string.Join(',', labels.Order(StringComparer.Ordinal))}";
}
