using System.Collections.Immutable;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Connectors;

/// <summary>Every connector that is registered, in the order people see them.</summary>
internal sealed class ConnectorBook(IEnumerable<IConnector> connectors)
{
    public ImmutableArray<IConnector> All { get; } =
        [.. connectors.DistinctBy(static connector => connector.Provider).OrderBy(static connector => connector.Title, StringComparer.Ordinal)];

    public IConnector? Find(Provider provider) => All.FirstOrDefault(connector => connector.Provider == provider);

    /// <exception cref="InvalidOperationException">It is none of ours: something is stored that a newer program wrote.</exception>
    public IConnector Of(Provider provider) =>
        Find(provider) ?? throw new InvalidOperationException("No connector for what is stored.");

    /// <summary>The connectors of which one revocation ends the grants, this one included.</summary>
    public IEnumerable<IConnector> Family(IConnector connector) => connector.Terms.RevocationEndsAll
        ? All.Where(other => other.Terms.RevocationEndsAll && other.Terms.Consent == connector.Terms.Consent)
        : [connector];
}
