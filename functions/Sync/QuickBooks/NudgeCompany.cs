using System.Collections.Immutable;
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
    /// <summary>
    /// False when nobody has connected the company, or its connection has no loop: what is new is fetched when it is connected
    /// again.
    /// </summary>
    /// <param name="events">Names of the events; each counts once.</param>
    public async Task<bool> RunAsync(Realm realm, ImmutableArray<string> events, CancellationToken cancellation)
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
            [.. events.Select(told => WorkflowOutbox.Raise(instance, KeepInStep.Nudge, default(StreamNudge), $"push.{told}"))],
            cancellation);
        return true;
    }
}
