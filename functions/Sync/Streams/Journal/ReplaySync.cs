using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Streams.Journal;

/// <summary>
/// Understands again what the provider answered in the last days, and says whether that gives what is stored. Asks no
/// provider and changes nothing; a running sync may make it differ by the step that is under way.
/// </summary>
internal sealed class ReplaySync(TenantScopes scopes, ConnectorBook connectors, AccessTokens tokens)
{
    public async Task<Outcome<ReplayVerdict>> RunAsync(TenantId tenant, ConnectionId id, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var connection = await scope.FindAsync(SyncKinds.Connection, id.Text, cancellation);
        if (connection is null)
        {
            return new SyncFailures.NoSuchConnection();
        }

        var connector = connectors.Of(connection.Value.Provider);
        var context = new ConnectorScope(scope, connection.Value, tokens.For(tenant, id, connector));
        return await new ReplayJournal(scope, id, stream => connector.Source(context, stream)).RunAsync(cancellation);
    }
}

/// <summary>How a replay ended.</summary>
internal abstract record ReplayVerdict
{
    private ReplayVerdict()
    {
    }

    /// <param name="State">SHA-256, in hex, over all items that the steps touched.</param>
    public sealed record Same(long Steps, string State) : ReplayVerdict;

    /// <param name="Stream">Empty when the step cannot be read.</param>
    /// <param name="Step">The first step whose result differs, by its number in the connection.</param>
    /// <param name="Item">The provider's id of the first item that differs; empty when it is one that is lacking.</param>
    /// <param name="Why">
    /// <c>journal-entry-missing</c>, <c>journal-entry-unreadable</c>, <c>understood-otherwise</c>, <c>stored-otherwise</c>, or
    /// the code of the failure to understand the answers.
    /// </param>
    public sealed record Differs(string Stream, long Step, string Item, string Why) : ReplayVerdict;
}
