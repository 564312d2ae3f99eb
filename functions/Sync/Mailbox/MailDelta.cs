using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using PracticPro.Vault;

namespace PracticPro.Sync.Mailbox;

/// <summary>
/// One part of a page against what is stored: reads what it touches, folds the messages into contacts and threads, and
/// gives the operations that bring the store in step. A fact whose message changed or went is folded anew from the
/// messages that are left.
/// </summary>
internal sealed class MailDelta(TenantScope scope, ConnectionId connection, StreamName stream)
{
    private readonly HashSet<DocumentKey> looked = [];
    private readonly Dictionary<DocumentKey, StoredDocument> found = [];
    private readonly Dictionary<string, (Stored<MailMessage>? Before, MailMessage? After)> messages = [];

    // Of the messages that are present, sealed.
    private readonly Dictionary<string, Document> records = [];
    private readonly Dictionary<string, (Stored<MailContact>? Before, MailContact? After)> contacts = [];
    private readonly Dictionary<string, (Stored<MailThread>? Before, MailThread? After)> threads = [];

    /// <summary>Everything it is about: messages, and the conversations and contacts they belong to and belonged to.</summary>
    public IReadOnlySet<DocumentKey> Looked => looked;

    public async Task ReadAsync(StreamPart part, CancellationToken cancellation)
    {
        // What the messages say now names nearly all that is touched: one look finds it.
        await LookAsync(
            part.KeysOf(connection).Select(SyncKinds.Message.Key)
                .Concat(part.Present.SelectMany(one => FactsOf((MailMessage)one.Item))),
            cancellation);
        foreach (var (item, record) in part.Present)
        {
            messages[item.SourceId] = (Of(item.SourceId), (MailMessage)item);
            records[item.SourceId] = record;
        }

        foreach (var gone in part.Gone)
        {
            if (Of(gone) is { } before && before.Value.Stream == stream)
            {
                messages[gone] = (before, null);
            }
        }

        await ReadFactsAsync(cancellation);
        foreach (var (before, after) in messages.Values.ToList())
        {
            await FoldAsync(before?.Value, after, cancellation);
        }

        Stored<MailMessage>? Of(string sourceId) => Found(SyncKinds.Message, MirrorKey.Of(connection, sourceId));
    }

    public IEnumerable<Operation> Operations()
    {
        foreach (var (id, (before, after)) in messages)
        {
            if (after is null)
            {
                yield return scope.Delete(
                    SyncKinds.Message, MirrorKey.Of(connection, id), Condition.Is(before!.Version));
            }
            else if (before is null || !after.Equals(before.Value))
            {
                yield return new Operation.Put(records[id], Unless(before));
            }
        }

        foreach (var (id, (before, after)) in contacts)
        {
            if (Change(SyncKinds.Contact, id, before, after) is { } operation)
            {
                yield return operation;
            }
        }

        foreach (var (id, (before, after)) in threads)
        {
            if (Change(SyncKinds.Thread, id, before, after) is { } operation)
            {
                yield return operation;
            }
        }
    }

    private static Condition Unless<T>(Stored<T>? before) => before is null ? Condition.Absent : Condition.Is(before.Version);

    private Operation? Change<T>(RecordKind<T> kind, string id, Stored<T>? before, T? after)
        where T : class =>
        after is null
            ? before is null ? null : scope.Delete(kind, id, Condition.Is(before.Version))
            : after.Equals(before?.Value) ? null : scope.Put(kind, after, Unless(before));

    private async Task FoldAsync(MailMessage? before, MailMessage? after, CancellationToken cancellation)
    {
        if (after is not null && (before is null || SaysTheSame(before, after)))
        {
            await FoldThreadAsync(after.ThreadId, after, cancellation);
            if (after.CounterpartHash is { } known)
            {
                await FoldContactAsync(known, after, cancellation);
            }

            return;
        }

        // What it no longer belongs to is folded anew as well as what it belongs to now.
        foreach (var thread in new[] { before, after }.OfType<MailMessage>().Select(static one => one.ThreadId).Distinct())
        {
            await FoldThreadAsync(thread, null, cancellation);
        }

        foreach (var hash in new[] { before?.CounterpartHash, after?.CounterpartHash }.OfType<string>().Distinct())
        {
            await FoldContactAsync(hash, null, cancellation);
        }
    }

    /// <summary>
    /// Its place in the conversation, and whom it is with, are unchanged: only then can it be folded onto what is known. A letter
    /// that a person files among the sent ones is from then on one of the practice's own.
    /// </summary>
    private static bool SaysTheSame(MailMessage before, MailMessage after) =>
        (before.OutOfSight, before.At, before.ThreadId, before.Direction, before.Counterpart)
            == (after.OutOfSight, after.At, after.ThreadId, after.Direction, after.Counterpart);

    /// <summary>The conversations and contacts that the messages belong to and belonged to, as they are stored.</summary>
    private async Task ReadFactsAsync(CancellationToken cancellation)
    {
        var touched = messages.Values
            .SelectMany(static pair => new[] { pair.Before?.Value, pair.After })
            .OfType<MailMessage>()
            .ToList();
        await LookAsync(touched.SelectMany(FactsOf), cancellation);
        foreach (var id in touched.Select(message => MailThread.IdOf(connection, message.ThreadId)).Distinct(StringComparer.Ordinal))
        {
            var before = Found(SyncKinds.Thread, id);
            threads[id] = (before, before?.Value);
        }

        foreach (var hash in touched.Select(static message => message.CounterpartHash).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            var before = Found(SyncKinds.Contact, hash);
            contacts[hash] = (before, before?.Value);
        }
    }

    private IEnumerable<DocumentKey> FactsOf(MailMessage message)
    {
        yield return SyncKinds.Thread.Key(MailThread.IdOf(connection, message.ThreadId));
        if (message.CounterpartHash is { } hash)
        {
            yield return SyncKinds.Contact.Key(hash);
        }
    }

    /// <summary>Finds what is stored under those keys, as far as nobody looked there yet.</summary>
    private async Task LookAsync(IEnumerable<DocumentKey> keys, CancellationToken cancellation)
    {
        foreach (var (key, document) in await scope.Records.FindManyAsync([.. keys.Where(looked.Add)], cancellation))
        {
            found.Add(key, document);
        }
    }

    private Stored<T>? Found<T>(RecordKind<T> kind, string id)
        where T : class => found.TryGetValue(kind.Key(id), out var document) ? scope.Records.Open(kind, document) : null;

    private async Task FoldThreadAsync(string threadId, MailMessage? added, CancellationToken cancellation)
    {
        var id = MailThread.IdOf(connection, threadId);
        var thread = threads[id];
        var after = added is not null
            ? MailThread.With(thread.After, added)
            : await RefoldThreadAsync(threadId, cancellation);
        threads[id] = (thread.Before, after);
    }

    private async Task FoldContactAsync(string hash, MailMessage? added, CancellationToken cancellation)
    {
        var contact = contacts[hash];
        var after = added is not null
            ? MailContact.With(contact.After, hash, added)
            : await RefoldContactAsync(hash, cancellation);
        contacts[hash] = (contact.Before, after);
    }

    /// <summary>The thread from its messages as they will be after this write: the stored ones overlaid with this part's.</summary>
    private async Task<MailThread?> RefoldThreadAsync(string threadId, CancellationToken cancellation)
    {
        MailThread? folded = null;
        await foreach (var message in AfterwardsAsync(
            MailMessage.ByThread, MailMessage.ThreadPrefix(connection, threadId), cancellation))
        {
            folded = MailThread.With(folded, message);
        }

        return messages.Values
            .Where(pair => pair.After?.ThreadId == threadId)
            .Aggregate(folded, static (thread, pair) => MailThread.With(thread, pair.After!));
    }

    private async Task<MailContact?> RefoldContactAsync(string hash, CancellationToken cancellation)
    {
        var folded = contacts[hash].Before is { } stored ? await RefoldStoredAsync(stored.Value, cancellation) : null;
        await foreach (var message in AfterwardsAsync(
            MailMessage.ByCounterpart, MailMessage.EarlierCounterpartPrefix(hash), cancellation))
        {
            folded = MailContact.With(folded, hash, message);
        }

        return messages.Values
            .Where(pair => pair.After?.CounterpartHash == hash)
            .Aggregate(folded, (contact, pair) => MailContact.With(contact, hash, pair.After!));
    }

    /// <summary>
    /// The contact from what stays stored, the latest months first. No message in sight is earlier or later than the contact knows;
    /// while its first one stays, those before the latest of each sort add nothing.
    /// </summary>
    private async Task<MailContact?> RefoldStoredAsync(MailContact known, CancellationToken cancellation)
    {
        var hash = known.AddressHash;
        var keepsFirst = !messages.Values.Any(pair => pair.Before?.Value.CounterpartHash == hash && pair.Before.Value.At == known.FirstAt);
        MailContact? folded = null;
        foreach (var month in Month.Back(known.LastContactAt, known.FirstAt))
        {
            await foreach (var message in AfterwardsAsync(
                MailMessage.ByCounterpart, MailMessage.CounterpartPrefix(month, hash), cancellation))
            {
                folded = MailContact.With(folded, hash, message);
            }

            if (keepsFirst && folded?.ReachesAll(known) == true)
            {
                return folded with { FirstAt = known.FirstAt };
            }
        }

        return folded;
    }

    /// <summary>Stored messages that this part neither changes nor removes.</summary>
    private async IAsyncEnumerable<MailMessage> AfterwardsAsync(
        string index, string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        Cursor? after = null;
        do
        {
            var page = await scope.Records.ListAsync(
                SyncKinds.Message, index, prefix, ListOrder.Ascending, 500, after, cancellation);
            foreach (var message in page.Items)
            {
                if (message.Value.Connection != connection || !messages.ContainsKey(message.Value.SourceId))
                {
                    yield return message.Value;
                }
            }

            after = page.Next;
        }
        while (after is not null);
    }
}
