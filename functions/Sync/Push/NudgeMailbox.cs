using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Storage;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Gmail;
using PracticPro.Vault;

namespace PracticPro.Sync.Push;

/// <summary>
/// Tells a mailbox's loop that something came in. A repeat of the same push within seven days tells it nothing new,
/// whichever way it came.
/// </summary>
internal sealed class NudgeMailbox(FleetDirectory fleet, TenantScopes scopes, SyncMeter meter)
{
    /// <param name="mailbox">Its hashes, as <see cref="AccountDirectory"/> knows it, newest first. One that nobody has connected is no failure.</param>
    /// <exception cref="Exception">It was not told. <see cref="IsAway"/> says whether it can be later.</exception>
    public async Task RunAsync(ImmutableArray<string> mailbox, string pushId, CancellationToken cancellation)
    {
        if (await AccountDirectory.FindAsync(fleet, GmailConnector.Name, mailbox, cancellation) is { } entry && await NudgeAsync(entry, pushId, cancellation))
        {
            meter.PushTaken();
        }
        else
        {
            meter.PushForNobody();
        }
    }

    /// <summary>The same, where it is known already whose connection it is.</summary>
    /// <param name="entry">Its reference is the connection.</param>
    public async Task TellAsync(FleetEntry entry, string pushId, CancellationToken cancellation)
    {
        if (await NudgeAsync(entry, pushId, cancellation))
        {
            meter.PushTaken();
        }
        else
        {
            meter.PushForNobody();
        }
    }

    /// <summary>Whether what stopped it is the store or the keys being away for now, and no fault of the push.</summary>
    public static bool IsAway(Exception trouble) => trouble is StorageUnavailableException or KeyStoreUnavailableException;

    /// <summary>
    /// False when the connection has no loop: what came in is fetched when it is connected again. Also for a practice whose
    /// keys were destroyed: the provider pushes on until its watch runs out.
    /// </summary>
    private async Task<bool> NudgeAsync(FleetEntry entry, string pushId, CancellationToken cancellation)
    {
        if (await scopes.FindAsync(entry.Tenant, cancellation) is not { } scope)
        {
            return false;
        }

        var connection = await scope.FindAsync(SyncKinds.Connection, entry.Reference, cancellation);
        if (connection?.Value.State != ConnectionState.Active)
        {
            return false;
        }

        var instance = KeepInStep.InstanceOf(entry.Tenant, connection.Value);
        await scope.CommitAsync(
            [WorkflowOutbox.Raise(instance, KeepInStep.Nudge, default(StreamNudge), $"push.{pushId}")], cancellation);
        return true;
    }
}
