using System.Globalization;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Webhooks;

/// <summary>Goes through the notifications of the last seven days again, as if they came now, the oldest first.</summary>
internal sealed class ReplayWebhooks(TenantScopes scopes, TimeProvider time)
{
    private const int PageSize = 10;
    private const int MostStreams = 8;

    /// <returns>How many there were.</returns>
    public async Task<Outcome<int>> RunAsync(TenantId tenant, ConnectionId id, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var connection = await scope.FindAsync(SyncKinds.Connection, id.Text, cancellation);
        if (connection is null)
        {
            return new SyncFailures.NoSuchConnection();
        }

        if (connection.Value.State != ConnectionState.Active)
        {
            return new SyncFailures.NotConnected();
        }

        var now = time.GetUtcNow();
        var run = now.UtcTicks.ToString(CultureInfo.InvariantCulture);
        var count = 0;
        Cursor? after = null;
        do
        {
            var page = await scope.Records.ListAsync(
                SyncKinds.Webhook, KeptWebhook.ByConnection, KeptWebhook.PrefixOf(id), ListOrder.Ascending, PageSize, after, cancellation);
            var living = page.Items.Select(static item => item.Value).Where(kept => now - kept.ReceivedAt < KeptWebhook.Lifetime).ToList();
            if (living.Count > 0)
            {
                await scope.CommitAsync(
                    [
                        .. living.SelectMany(kept => StreamsOf(kept).Select(
                            (stream, at) => LoopOrders.Nudge(
                                tenant,
                                connection.Value,
                                stream,
                                string.Create(CultureInfo.InvariantCulture, $"replay.{run}.{kept.Key}.{at}")))),
                    ],
                    cancellation);
            }

            count += living.Count;
            after = page.Next;
        }
        while (after is not null);
        return count;
    }

    /// <summary>Of more than an order each is worth: null, which means all of them.</summary>
    internal static IEnumerable<StreamName?> StreamsOf(KeptWebhook kept)
    {
        List<StreamName?> streams = [.. kept.Notes.Select(static note => note.Stream).Distinct()];
        return streams.Count <= MostStreams ? streams : [null];
    }
}
