using PracticPro.Audit;
using PracticPro.Sync.Connections;

namespace PracticPro.Sync.Connectors;

/// <summary>One connection, as its connector works with it.</summary>
internal sealed record ConnectorScope(TenantScope Tenant, Connection Connection, IAccessTokens Tokens);
