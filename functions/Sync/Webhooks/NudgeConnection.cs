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
using PracticPro.Vault;

namespace PracticPro.Sync.Webhooks;

/// <summary>
/// Tells a connection's loop that something came in, and keeps what came, as one write. A repeat within seven days tells it
/// nothing new, whichever way it came.
/// </summary>
internal sealed class NudgeConnection(FleetDirectory fleet, TenantScopes scopes, SyncMeter meter, TimeProvider time)
{
    private const int MostOrders = 16;

    /// <param name="account">Its hashes, as <see cref="AccountDirectory"/> knows it, newest first. One that nobody has connected is no failure.</param>
    /// <param name="notes">All of that account.</param>
    /// <exception cref="Exception">It was not told. <see cref="IsAway"/> says whether it can be later.</exception>
    public async Task RunAsync(
        Provider provider, ImmutableArray<string> account, ImmutableArray<WebhookNote> notes, CancellationToken cancellation)
    {
        var result = await AccountDirectory.FindAsync(fleet, provider, account, cancellation) is { } entry
            ? await NudgeAsync(entry.Tenant, entry.Reference, null, notes, cancellation)
            : Result.Nobody;
        Count(provider, result);
    }

    /// <param name="notes">All of that channel.</param>
    public async Task RunAsync(ProvenChannel channel, ImmutableArray<WebhookNote> notes, CancellationToken cancellation) =>
        Count(
            channel.Kept.Provider,
            await NudgeAsync(channel.Tenant, channel.Kept.Connection.Text, channel.Kept.Id, notes, cancellation));

    /// <summary>Whether what stopped it is the store or the keys being away for now, and no fault of the notification.</summary>
    public static bool IsAway(Exception trouble) => trouble is StorageUnavailableException or KeyStoreUnavailableException;

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
    private async Task<Result> NudgeAsync(
        TenantId tenant, string reference, Connectors.ChannelId? channel, ImmutableArray<WebhookNote> notes, CancellationToken cancellation)
    {
        if (await scopes.FindAsync(tenant, cancellation) is not { } scope)
        {
            return Result.Nobody;
        }

        var connection = await scope.FindAsync(SyncKinds.Connection, reference, cancellation);
        if (connection?.Value.State != ConnectionState.Active)
        {
            return Result.Nobody;
        }

        var key = KeyOf(notes);
        var kept = new KeptWebhook(
            connection.Value.Id, key, time.GetUtcNow(),
            [.. notes.Select(static note => new KeptNote(note.Stream, note.Kind, note.Raw.ToArray()))]);
        var outcome = await scope.CommitAsync(
            [
                scope.Put(SyncKinds.Webhook, kept, Condition.Absent),
                .. Orders(tenant, connection.Value, notes),
                .. await MarkAsync(scope, channel, notes, cancellation),
            ],
            cancellation);

        // The only condition that a quiet write has is that this one was never kept.
        return outcome is CommitOutcome.Committed ? Result.Taken : Result.Repeated;
    }

    /// <summary>What the provider says about the channel itself is written down for <see cref="KeepChannels"/>.</summary>
    private static async Task<IEnumerable<Operation>> MarkAsync(
        TenantScope scope, Connectors.ChannelId? channel, ImmutableArray<WebhookNote> notes, CancellationToken cancellation)
    {
        var kinds = notes.Select(static note => note.Kind).Where(static kind => kind != WebhookKind.News).ToList();
        if (kinds.Count == 0 || channel is not { } id
            || await scope.FindAsync(SyncKinds.Channel, id.Text, cancellation) is not { } stored)
        {
            return [];
        }

        var worst = kinds.Contains(WebhookKind.ChannelGone) ? ChannelTrouble.Gone
            : kinds.Contains(WebhookKind.NewsMissed) ? ChannelTrouble.Missed
            : ChannelTrouble.Ending;
        return [scope.Put(SyncKinds.Channel, stored.Value with { Trouble = worst }, Condition.Any)];
    }

    /// <summary>One a note; of more notes than that, one a stream for all of its notes together.</summary>
    private static IEnumerable<Operation> Orders(TenantId tenant, Connection connection, ImmutableArray<WebhookNote> notes)
    {
        var single = notes.DistinctBy(static note => note.Key).ToList();
        return single.Count <= MostOrders
            ? single.Select(note => LoopOrders.Nudge(tenant, connection, note.Stream, $"push.{KeyOf([note])}"))
            : single.GroupBy(static note => note.Stream).Take(MostOrders).Select(
                stream => LoopOrders.Nudge(tenant, connection, stream.Key, $"push.{KeyOf([.. stream])}"));
    }

    private static string KeyOf(ImmutableArray<WebhookNote> notes)
    {
        var keys = string.Join('\n', notes.Select(static note => note.Key).Distinct().Order(StringComparer.Ordinal));
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(keys)).AsSpan(0, 18));
    }

    private enum Result
    {
        Taken,
        Repeated,
        Nobody,
    }
}
