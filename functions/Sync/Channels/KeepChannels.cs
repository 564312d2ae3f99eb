using System.Collections.Immutable;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Streams;
using PracticPro.Vault;

namespace PracticPro.Sync.Channels;

/// <summary>
/// Keeps one stream's channel open: a new one well before the old one ends, the old one closed once the new one has spoken
/// long enough beside it. Safe to repeat. A channel is entered in the directory before it is ordered, since it may speak
/// before the order is answered; one that was ordered and never stored speaks to nobody until it ends.
/// </summary>
internal sealed class KeepChannels(FleetDirectory fleet, SyncOptions options, TimeProvider time)
{
    private const int Most = 100;

    private static readonly TimeSpan LookEvery = TimeSpan.FromHours(1);

    // Source: StreamPlan asks for the watch when less than six days are left; it is dated so that this comes in an hour.
    private static readonly TimeSpan RenewalPoint = TimeSpan.FromDays(6);

    /// <summary>Whether the provider tells of changes by channels, and where to is set.</summary>
    public bool AreWanted(IConnector connector) => connector.Channels is not null && AddressOf(connector) is not null;

    /// <summary>
    /// Looks after all of a connection's channels, and says when to look again. One that cannot be had is no reason to stop:
    /// polling goes on, and it is tried again at the next look.
    /// </summary>
    public async Task<Outcome<Done>> LookAsync(StepScope step, CancellationToken cancellation)
    {
        if (step.Provider.Channels is { } channels && AddressOf(step.Provider) is { } address)
        {
            foreach (var stream in step.Roll!.Value.Streams.Where(channels.Wants))
            {
                // News that no notification told of takes the date away.
                var isSilent = step.Roll.Value.WatchUntil is null;
                await RunAsync(step.Connector, channels, stream, address, isSilent, cancellation);
            }
        }

        var next = step.Roll!.Value with { WatchUntil = step.Now + RenewalPoint + LookEvery };
        await step.Tenant.CommitAsync([step.Tenant.Put(SyncKinds.Roll, next, Condition.Is(step.Roll.Version))], cancellation);
        return Done.Value;
    }

    /// <param name="address">Where notifications are to go.</param>
    /// <param name="isSilent">There was news that no channel told of.</param>
    public async Task<Outcome<Done>> RunAsync(
        ConnectorScope scope,
        IChannels channels,
        StreamName stream,
        Uri address,
        bool isSilent,
        CancellationToken cancellation)
    {
        var stored = (await AllAsync(scope, cancellation)).Where(channel => channel.Value.Stream == stream).ToList();
        var now = time.GetUtcNow();
        var isDead = isSilent && stored.All(channel => channel.Value.OpenedAt + channels.SilenceAllowed <= now);
        var plan = ChannelPlan.Of([.. stored.Select(static channel => channel.Value)], channels.RenewBefore, isDead, now);
        foreach (var channel in stored.Where(channel => plan.Closes.Contains(channel.Value)))
        {
            await CloseAsync(scope, channels, channel, cancellation);
        }

        return plan.Opens ? await OpenAsync(scope, channels, stream, address, plan.Current, cancellation) : Done.Value;
    }

    /// <summary>Ends all of a connection's: it is being disconnected. What the provider does not end now ends by itself.</summary>
    public async Task CloseAllAsync(ConnectorScope scope, IChannels channels, CancellationToken cancellation)
    {
        foreach (var channel in await AllAsync(scope, cancellation))
        {
            await CloseAsync(scope, channels, channel, cancellation, evenIfRefused: true);
        }
    }

    private Uri? AddressOf(IConnector connector) =>
        options.ClientOf(connector.Provider, isGoogle: connector.Terms.Consent == GoogleServices.Consent).WebhookAddress;

    private static async Task<ImmutableArray<Stored<Channel>>> AllAsync(ConnectorScope scope, CancellationToken cancellation)
    {
        var page = await scope.Tenant.Records.ListAsync(
            SyncKinds.Channel, ChannelIndex.ByConnection, ChannelIndex.Prefix(scope.Connection.Id), ListOrder.Ascending, Most,
            after: null, cancellation);
        return [.. page.Items];
    }

    private async Task<Outcome<Done>> OpenAsync(
        ConnectorScope scope,
        IChannels channels,
        StreamName stream,
        Uri address,
        Channel? before,
        CancellationToken cancellation)
    {
        var tenant = scope.Tenant.Tenant;
        var id = ChannelId.New(time);
        await ChannelDirectory.ClaimAsync(fleet, tenant, id, cancellation);
        var order = new ChannelOrder(id, stream, scope.Tenant.Keys.WebhookSecret(id.Text), address);
        var outcome = await channels.OpenAsync(scope, order, before, cancellation);
        if (!outcome.Try(out var opened, out var why))
        {
            await ChannelDirectory.ReleaseAsync(fleet, tenant, id, cancellation);
            return why;
        }

        // One that was renewed keeps its id; the new one is then of no use.
        var isRenewed = opened.Id == before?.Id;
        var kept = isRenewed ? await scope.Tenant.FindAsync(SyncKinds.Channel, opened.Id.Text, cancellation) : null;
        var committed = await scope.Tenant.CommitAsync(
            [scope.Tenant.Put(SyncKinds.Channel, opened, kept is null ? Condition.Absent : Condition.Is(kept.Version))],
            cancellation);
        if (isRenewed || committed is not CommitOutcome.Committed)
        {
            await ChannelDirectory.ReleaseAsync(fleet, tenant, id, cancellation);
        }

        return Done.Value;
    }

    private async Task CloseAsync(
        ConnectorScope scope,
        IChannels channels,
        Stored<Channel> channel,
        CancellationToken cancellation,
        bool evenIfRefused = false)
    {
        var isOver = channel.Value.ExpiresAt <= time.GetUtcNow();
        if (!isOver && (await channels.CloseAsync(scope, channel.Value, cancellation)).Failure is not null && !evenIfRefused)
        {
            // It speaks on, and is heard; the next look tries again.
            return;
        }

        await scope.Tenant.CommitAsync(
            [scope.Tenant.Delete(SyncKinds.Channel, channel.Value.Id.Text, Condition.Is(channel.Version))], cancellation);
        await ChannelDirectory.ReleaseAsync(fleet, scope.Tenant.Tenant, channel.Value.Id, cancellation);
    }
}
