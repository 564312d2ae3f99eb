using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Sync;
using PracticPro.Sync.Connectors;
using PracticPro.Web.Pages;

namespace PracticPro.Web;

/// <summary>The page after a consent that held too little or too much: which it was, and what to do about it.</summary>
internal sealed class ShowScopes(ConnectorBook connectors, TenantScopes scopes)
{
    public async Task<object> RunAsync(SignedIn by, SyncFailures.ScopesDiffer differs, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        var connector = connectors.Of(differs.Provider);
        var frame = await Frame.OfAsync(scope, by, "Not connected", "connections", cancellation);
        var asked = connector.Terms.Scopes;
        return new PageAnswer<ScopesPage>(
            new ScopesView(
                frame,
                connector.Title,
                $"/connections/{connector.Provider}",
                [.. differs.Missing.Select(permission => InWords(asked, permission))],
                [.. differs.Extra.Select(permission => InWords(asked, permission))],
                connector.Terms.ConsentsPage?.AbsoluteUri),
            StatusCodes.Status403Forbidden);
    }

    // A permission nobody here ever asked for has no words; its own name ends with what it is about.
    private static string InWords(ScopeList asked, string permission) =>
        asked.InWords.GetValueOrDefault(permission) ?? permission[(permission.LastIndexOf('/') + 1)..];
}
