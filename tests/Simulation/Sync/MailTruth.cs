using System.Text;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Control;
using PracticPro.Sandbox.OAuth;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Mailbox;
using PracticPro.Vault;

namespace PracticPro.Simulation.Sync;

/// <summary>Our records of a mailbox against the provider's, message by message; and the facts of all mail against the messages.</summary>
internal static class MailTruth
{
    /// <returns>What does not agree, a sentence each; none when all does.</returns>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(
        TenantScope scope, World world, string address, Connection connection, CancellationToken cancellation)
    {
        var stored = (await AllAsync(scope, SyncKinds.Message, MailMessage.ByThread, cancellation))
            .Where(message => message.Connection == connection.Id);
        var ours = stored.ToLookup(message => message.SourceId, static message => Line(
            message.ThreadId, message.At.ToUnixTimeMilliseconds(), message.SizeBytes, message.Labels));
        var theirs = Dump(world, address).Messages
            .Where(message => !message.LabelIds.Contains("DRAFT"))
            .ToDictionary(message => message.Id, static message => Line(
                message.ThreadId, message.InternalDate, message.Size, message.LabelIds));
        return
        [
            .. theirs.Keys.Where(id => !ours.Contains(id)).Select(id => $"Message {id} is in the mailbox and not in our records."),
            .. ours.Where(group => !theirs.ContainsKey(group.Key)).Select(group => $"Message {group.Key} is in our records and not in the mailbox."),
            .. ours.Where(group => group.Count() > 1).Select(group => $"Message {group.Key} is {group.Count()} times in our records."),
            .. ours.Where(group => theirs.TryGetValue(group.Key, out var line) && group.First() != line)
                .Select(group => $"Message {group.Key} is there {theirs[group.Key]} and here {group.First()}."),
        ];
    }

    /// <summary>True while the refresh token that is kept is one the provider honours.</summary>
    public static async Task<bool> GrantLivesAsync(
        TenantScope scope, World world, Connection connection, CancellationToken cancellation) =>
        await scope.FindAsync(SyncKinds.RefreshToken, connection.Id.Text, cancellation) is { } kept
        && world.Grants.Use(OAuthClient.Default, Encoding.ASCII.GetString(kept.Value.Token)) is not null;

    private static MailboxDump Dump(World world, string address)
    {
        var mailbox = world.Mailboxes.Find(address)!;
        lock (mailbox.Gate)
        {
            return MailboxDump.Of(mailbox);
        }
    }

    /// <returns>Which facts are not what the messages say, whichever account they came through.</returns>
    public static async Task<IReadOnlyList<string>> FactsAsync(TenantScope scope, CancellationToken cancellation)
    {
        var stored = await AllAsync(scope, SyncKinds.Message, MailMessage.ByThread, cancellation);
        var contacts = stored.Where(static message => message.CounterpartHash is not null)
            .GroupBy(static message => message.CounterpartHash!)
            .Select(static group => group.Aggregate((MailContact?)null, (known, message) => MailContact.With(known, group.Key, message)))
            .OfType<MailContact>();
        var threads = stored.GroupBy(static message => (message.Connection, message.ThreadId))
            .Select(static group => group.Aggregate((MailThread?)null, MailThread.With))
            .OfType<MailThread>();
        return
        [
            .. Differing("contact", contacts, await AllAsync(scope, SyncKinds.Contact, MailContact.ByLastContact, cancellation), static one => one.AddressHash),
            .. Differing("conversation", threads, await AllAsync(scope, SyncKinds.Thread, MailThread.ByWaiting, cancellation), static one => $"{one.Connection} {one.ThreadId}"),
        ];
    }

    private static IEnumerable<string> Differing<T>(string what, IEnumerable<T> told, IEnumerable<T> kept, Func<T, string> key)
        where T : class
    {
        var here = kept.ToLookup(key);
        var there = told.ToDictionary(key);
        return here.Select(static one => one.Key).Union(there.Keys)
            .Where(one => here[one].Count() != 1 || !here[one].Single().Equals(there.GetValueOrDefault(one)))
            .Select(one => $"The {what} {one} is not what the messages say: {here[one].FirstOrDefault()} and not {there.GetValueOrDefault(one)}.");
    }

    private static async Task<List<T>> AllAsync<T>(
        TenantScope scope, RecordKind<T> kind, string index, CancellationToken cancellation)
        where T : class
    {
        List<T> all = [];
        Cursor? after = null;
        do
        {
            var page = await scope.Records.ListAsync(kind, index, "", ListOrder.Ascending, 500, after, cancellation);
            all.AddRange(page.Items.Select(static item => item.Value));
            after = page.Next;
        }
        while (after is not null);
        return all;
    }

    private static string Line(string thread, long at, int size, IEnumerable<string> labels) =>
        $"{thread} {at} {size} {string.Join(',', labels.Order(StringComparer.Ordinal))}";
}
