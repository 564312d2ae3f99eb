using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Channels;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using PracticPro.Vault;

namespace PracticPro.Sync.Webhooks;

/// <summary>
/// Tells a connection's loop that something came in, and keeps what came, as one write. A repeat within seven days tells it
/// nothing new, whichever way it came. What comes for one connection while a write for it is under way is kept by one write
/// together, and told once.
/// </summary>
internal sealed class NudgeConnection
{
    // Together with the orders and a mark well below what a batch may hold, and weigh.
    private const int MostOrders = 16;
    private const int MostTogether = 40;
    private const long HeaviestTogether = 256 * 1024;

    private readonly Gathering<Post, Result> gathered;
    private readonly FleetDirectory fleet;
    private readonly TenantScopes scopes;
    private readonly SyncMeter meter;
    private readonly TimeProvider time;

    public NudgeConnection(FleetDirectory fleet, TenantScopes scopes, SyncMeter meter, TimeProvider time)
    {
        (this.fleet, this.scopes, this.meter, this.time) = (fleet, scopes, meter, time);
        gathered = new Gathering<Post, Result>(
            KeepAsync, static post => post.Notes.Sum(static note => (long)note.Raw.Length), HeaviestTogether, MostTogether);
    }

    /// <param name="account">Its hashes, as <see cref="AccountDirectory"/> knows it, newest first. One that nobody has connected is no failure.</param>
    /// <param name="notes">All of that account.</param>
    /// <exception cref="Exception">It was not told. <see cref="IsAway"/> says whether it can be later.</exception>
    public Task RunAsync(
        Provider provider, ImmutableArray<string> account, ImmutableArray<WebhookNote> notes, CancellationToken cancellation) =>
        RunAsync(provider, new Address.Account(provider, account), notes, cancellation);

    /// <param name="notes">All of that channel.</param>
    public Task RunAsync(ProvenChannel channel, ImmutableArray<WebhookNote> notes, CancellationToken cancellation) =>
        RunAsync(channel.Kept.Provider, new Address.Channel(channel), notes, cancellation);

    /// <summary>Whether what stopped it is the store or the keys being away for now, and no fault of the notification.</summary>
    public static bool IsAway(Exception trouble) => trouble is StorageUnavailableException or KeyStoreUnavailableException;

    private async Task RunAsync(
        Provider provider, Address address, ImmutableArray<WebhookNote> notes, CancellationToken cancellation) =>
        Count(provider, await gathered.AddAsync(address.Place, new Post(address, KeyOf(notes), notes)).WaitAsync(cancellation));

    private void Count(Provider provider, Result result)
    {
        switch (result)
        {
            case Result.Taken:
                meter.PushTaken(provider.Text);
                break;
            case Result.Repeated:
                meter.PushRepeated(provider.Text);
                break;
            default:
                meter.PushForNobody(provider.Text);
                break;
        }
    }

    /// <summary>
    /// Nobody when the connection has no loop: what came in is fetched when it is connected again. Also for a practice whose
    /// keys were destroyed: the provider goes on until its order runs out.
    /// </summary>
    /// <param name="posts">At least one, all to the same address.</param>
    private async Task<IReadOnlyList<Result>> KeepAsync(IReadOnlyList<Post> posts)
    {
        // Not one caller's: the others still wait when it has gone.
        var cancellation = CancellationToken.None;
        if (await FindAsync(posts[0].To, cancellation) is not var (scope, connection))
        {
            return [.. posts.Select(static _ => Result.Nobody)];
        }

        List<Post> fresh = [.. posts.DistinctBy(static post => post.Key)];
        while (fresh.Count > 0 && await CommitAsync(scope, connection, fresh, cancellation) is CommitOutcome.Lost lost)
        {
            // The only condition that a quiet write has is that this one was never kept. Repeats come in crowds: the others are looked for.
            fresh.RemoveAt(lost.Operation);
            var kept = await scope.Records.FindManyAsync([.. fresh.Select(post => PlaceOf(connection.Id, post))], cancellation);
            fresh.RemoveAll(post => kept.ContainsKey(PlaceOf(connection.Id, post)));
        }

        var taken = fresh.ToHashSet(ReferenceEqualityComparer.Instance);
        return [.. posts.Select(post => taken.Contains(post) ? Result.Taken : Result.Repeated)];
    }

    private async Task<(TenantScope Scope, Connection Connection)?> FindAsync(Address address, CancellationToken cancellation)
    {
        var (tenant, reference) = address switch
        {
            Address.Channel { Known: var known } => (known.Tenant, known.Kept.Connection.Text),
            Address.Account account when await AccountDirectory.FindAsync(fleet, account.Provider, account.Hashes, cancellation) is { } entry =>
                (entry.Tenant, entry.Reference),
            _ => (default, null),
        };
        return reference is not null
            && await scopes.FindAsync(tenant, cancellation) is { } scope
            && await scope.FindAsync(SyncKinds.Connection, reference, cancellation) is { Value: { State: ConnectionState.Active } connection }
            ? (scope, connection)
            : null;
    }

    private async Task<CommitOutcome> CommitAsync(
        TenantScope scope, Connection connection, List<Post> posts, CancellationToken cancellation) =>
        await scope.CommitAsync(
            [
                .. posts.Select(post => scope.Put(SyncKinds.Webhook, post.Kept(connection.Id, time.GetUtcNow()), Condition.Absent)),
                .. Orders(scope.Tenant, connection, posts),
                .. await MarkAsync(scope, posts, cancellation),
            ],
            cancellation);

    /// <summary>What the provider says about the channel itself is written down for <see cref="KeepChannels"/>.</summary>
    private static async Task<IEnumerable<Operation>> MarkAsync(
        TenantScope scope, List<Post> posts, CancellationToken cancellation)
    {
        var kinds = NotesOf(posts).Select(static note => note.Kind).Where(static kind => kind != WebhookKind.News).ToList();
        if (kinds.Count == 0 || posts[0].To is not Address.Channel { Known.Kept.Id: var id }
            || await scope.FindAsync(SyncKinds.Channel, id.Text, cancellation) is not { } stored)
        {
            return [];
        }

        var worst = kinds.Contains(WebhookKind.ChannelGone) ? ChannelTrouble.Gone
            : kinds.Contains(WebhookKind.NewsMissed) ? ChannelTrouble.Missed
            : ChannelTrouble.Ending;
        return [scope.Put(SyncKinds.Channel, stored.Value with { Trouble = worst }, Condition.Any)];
    }

    private static IEnumerable<Operation> Orders(TenantId tenant, Connection connection, List<Post> posts) =>
        Told([.. NotesOf(posts)], areTogether: posts.Count > 1).Select(
            one => LoopOrders.Nudge(tenant, connection, one.Stream, $"push.{one.Key}"));

    /// <summary>
    /// What the loop is told: each note; of several posts or many notes each stream, for all of its notes together; and of many
    /// streams once that there is news anywhere.
    /// </summary>
    internal static IEnumerable<(StreamName? Stream, string Key)> Told(ImmutableArray<WebhookNote> notes, bool areTogether)
    {
        ImmutableArray<WebhookNote> single = [.. notes.DistinctBy(static note => note.Key)];
        if (!areTogether && single.Length <= MostOrders)
        {
            return single.Select(static note => (note.Stream, KeyOf([note])));
        }

        var streams = single.GroupBy(static note => note.Stream).ToList();
        return streams.Count <= MostOrders
            ? streams.Select(static stream => (stream.Key, KeyOf([.. stream])))
            : [(null, KeyOf(single))];
    }

    private static DocumentKey PlaceOf(ConnectionId connection, Post post) => SyncKinds.Webhook.Key(KeptWebhook.IdOf(connection, post.Key));

    private static IEnumerable<WebhookNote> NotesOf(List<Post> posts) => posts.SelectMany(static post => post.Notes);

    /// <summary>
    /// Equal for repeats. It begins with when they were made: what comes together is kept together, which costs a store less than
    /// places all over it.
    /// </summary>
    private static string KeyOf(ImmutableArray<WebhookNote> notes)
    {
        var keys = string.Join('\n', notes.Select(static note => note.Key).Distinct().Order(StringComparer.Ordinal));
        var moment = notes.Select(static note => note.Moment).Max(StringComparer.Ordinal);
        return moment + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(keys)).AsSpan(0, 18));
    }

    private enum Result
    {
        Taken,
        Repeated,
        Nobody,
    }

    /// <summary>Whom a post is for.</summary>
    private abstract record Address
    {
        /// <summary>Equal for what is for the same connection and, where it came by one, of the same channel.</summary>
        public abstract string Place { get; }

        public sealed record Account(Provider Provider, ImmutableArray<string> Hashes) : Address
        {
            public override string Place => $"{Provider.Text}/{string.Join('/', Hashes)}";
        }

        public sealed record Channel(ProvenChannel Known) : Address
        {
            public override string Place => $"{Known.Tenant.Text}/{Known.Kept.Id.Text}";
        }
    }

    /// <param name="Key">Equal for repeats.</param>
    /// <param name="Notes">All of that address.</param>
    private sealed record Post(Address To, string Key, ImmutableArray<WebhookNote> Notes)
    {
        public KeptWebhook Kept(ConnectionId connection, DateTimeOffset now) => new(
            connection, Key, now, [.. Notes.Select(static note => new KeptNote(note.Stream, note.Kind, note.Raw.ToArray()))]);
    }
}
