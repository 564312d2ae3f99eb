using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Sync.Connections;
using PracticPro.Vault;

namespace PracticPro.Sync.QuickBooks;

/// <summary>
/// Tells the loop of a company's connection that something may be new. A repeat of an event within seven days tells it nothing.
/// </summary>
internal sealed class NudgeCompany(FleetDirectory fleet, TenantScopes scopes)
{
    private const int MostOrders = 16;

    /// <summary>
    /// False when nobody has connected the company, or its connection has no loop: what is new is fetched when it is connected
    /// again.
    /// </summary>
    /// <param name="notices">All of that company; each event counts once.</param>
    public async Task<bool> RunAsync(Realm realm, IReadOnlyList<BookNotice> notices, CancellationToken cancellation)
    {
        if (await AccountDirectory.FindAsync(fleet, QuickBooksConnector.Name, realm.Text, cancellation) is not { } entry
            || await scopes.FindAsync(entry.Tenant, cancellation) is not { } scope
            || await scope.FindAsync(SyncKinds.Connection, entry.Reference, cancellation) is not { Value: var connection }
            || connection.State != ConnectionState.Active)
        {
            return false;
        }

        var instance = KeepInStep.InstanceOf(entry.Tenant, connection);
        await scope.CommitAsync(
            [.. OrdersOf(notices).Select(order => WorkflowOutbox.Raise(
                instance, KeepInStep.Nudge, new StreamNudge(order.Stream), $"push.{order.Event}"))],
            cancellation);
        return true;
    }

    /// <summary>One an event; of more events than that, one a stream for all of its events together.</summary>
    private static IEnumerable<BookNotice> OrdersOf(IReadOnlyList<BookNotice> notices)
    {
        var events = notices.DistinctBy(static notice => notice.Event).ToList();
        return events.Count <= MostOrders
            ? events
            : events.GroupBy(static notice => notice.Stream).Select(static stream => stream.First() with
            {
                Event = BookNotices.Together(stream.Select(static notice => notice.Event)),
            });
    }
}
