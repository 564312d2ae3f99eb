using PracticPro.Access;
using PracticPro.Assistant;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams.Coverage;
using PracticPro.Web.Pages;

namespace PracticPro.Web;

/// <summary>The connections page, and what its forms do.</summary>
internal sealed class ShowConnections(
    ListConnections list,
    StartConnection start,
    EndConnection end,
    RequestDrafts drafts,
    CoverageFacts coverage,
    ConnectorBook connectors,
    OAuthGrants grants,
    TenantScopes scopes,
    TimeProvider time)
{
    private const string Address = "/connections";

    public async Task<object> RunAsync(SignedIn by, string? note, Failure? why, CancellationToken cancellation)
    {
        var rows = await list.RunAsync(by.Tenant, cancellation);
        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        var now = time.GetUtcNow();
        var connections = new List<ConnectionView>();
        foreach (var row in rows)
        {
            var known = await coverage.OfAsync(by.Tenant, row.Connection.Id, cancellation);
            connections.Add(ConnectionWords.View(row, connectors, now) with
            {
                Coverage = known.Try(out var streams, out _) ? CoverageWords.View(row.Connection, streams, now) : null,
            });
        }

        var frame = await Frame.OfAsync(scope, by, "Connections", "connections", cancellation, note, why?.Message);
        return new PageAnswer<ConnectionsPage>(
            new ConnectionsView(
                frame with { RefreshSeconds = connections.Any(static one => one is { Active: true, Done: not null }) ? 5 : null },
                connections,
                [.. connectors.All.Where(grants.IsSetUp).Select(static one => new ConnectChoice(one.Title, $"{Address}/{one.Provider}"))],
                by.May(Permission.ManageConnections),
                by.May(Permission.RequestDrafts)),
            why switch
            {
                null => StatusCodes.Status200OK,
                Failure.NotFound => StatusCodes.Status404NotFound,
                _ => StatusCodes.Status409Conflict,
            });
    }

    /// <summary>
    /// A page with a link to the provider and not a redirect there: a form may lead to our own pages only (form-action), also
    /// by way of a redirect, and that stays so.
    /// </summary>
    public async Task<object> ConnectAsync(SignedIn by, string provider, CancellationToken cancellation)
    {
        var outcome = Provider.TryParse(provider, out var known)
            ? await start.RunAsync(by, known, cancellation)
            : new SyncFailures.NoSuchProvider();
        if (!outcome.Try(out var page, out var why))
        {
            return await RunAsync(by, null, why, cancellation);
        }

        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        var connector = connectors.Of(known);
        var frame = await Frame.OfAsync(scope, by, $"On to {connector.Title}", "connections", cancellation);
        var asks = connector.Terms.Scopes.InWords;
        return new PageAnswer<HandOverPage>(new HandOverView(
            frame,
            connector.Title,
            [.. (connector.Terms.Scopes.Kept ?? connector.Terms.Scopes.Asked).Where(asks.ContainsKey).Select(one => asks[one])],
            page.AbsoluteUri));
    }

    public async Task<object> DisconnectAsync(SignedIn by, ConnectionId id, CancellationToken cancellation) =>
        await AfterAsync(await end.RunAsync(by, id, cancellation), by, Address, "disconnected", cancellation);

    public async Task<object> DraftAsync(SignedIn by, ConnectionId id, Form form, CancellationToken cancellation)
    {
        var count = int.TryParse(form["count"], out var asked) ? asked : 0;
        return await AfterAsync(
            await drafts.RunAsync(by, id, count, cancellation), by, SignInAddress.Home, "drafts-asked", cancellation);
    }

    private async Task<object> AfterAsync(
        Outcome<Done> outcome, SignedIn by, string place, string note, CancellationToken cancellation) =>
        outcome.Failure is { } why ? await RunAsync(by, null, why, cancellation) : SeeOther.With(place, note);
}
