using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Storage;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Sync.Streams;

/// <summary>The cursors of a connection.</summary>
internal static class StreamsOf
{
    /// <summary>Streams a connection may have. What a provider names beyond them is not followed.</summary>
    public const int Most = 400;

    public static async Task<ImmutableArray<Stored<StreamCursor>>> CursorsAsync(
        TenantScope scope, ConnectionId connection, CancellationToken cancellation)
    {
        var page = await scope.Records.ListAsync(
            SyncKinds.Cursor,
            StreamCursor.ByConnection,
            $"{connection}|",
            ListOrder.Ascending,
            StorageLimits.MaximumPage,
            after: null,
            cancellation);
        return [.. page.Items];
    }
}
