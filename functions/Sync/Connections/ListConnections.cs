using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Connections;

/// <summary>The practice's connections and how far each is in step.</summary>
internal sealed class ListConnections(TenantScopes scopes)
{
    public const int Most = 100;

    /// <param name="Cursor">Null until the first step was taken.</param>
    /// <param name="Renewal">How renewing its tokens goes; null until the first was due.</param>
    public sealed record Row(Connection Connection, SyncProgress? Cursor, Renewal? Renewal = null);

    public async Task<IReadOnlyList<Row>> RunAsync(TenantId tenant, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var page = await scope.Records.ListAsync(
            SyncKinds.Connection, Connection.ByConnectedAt, "", ListOrder.Ascending, Most, null, cancellation);
        var rows = new List<Row>();
        foreach (var stored in page.Items)
        {
            var cursors = await StreamsOf.CursorsAsync(scope, stored.Value.Id, cancellation);
            var renewal = await scope.FindAsync(SyncKinds.Renewal, stored.Value.Id.Text, cancellation);
            rows.Add(new Row(stored.Value, SyncProgress.Of(cursors.Select(static cursor => cursor.Value)), renewal?.Value));
        }

        return rows;
    }
}
