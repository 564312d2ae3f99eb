using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Storage;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using PracticPro.Sync.Streams.Coverage;
using PracticPro.Sync.Webhooks;
using PracticPro.Vault;

namespace PracticPro.Sync.Channels;

/// <summary>
/// Keeps a connection's channels alive: a step of its loop, one thing at a time. Renews well ahead; where a provider cannot
/// renew, the next one is open before the last is closed. One that died is replaced, and what it may not have told is followed
/// at once. Nothing is missed without any of it: a channel only makes news fast.
/// </summary>
internal sealed class KeepChannels(ChannelDirectory directory, ConnectorBook connectors, OAuthGrants grants, SyncMeter meter, TimeProvider time)
{
    private const int Most = 500;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <param name="Due">When there is something to do next; null: never by itself.</param>
    /// <param name="More">There is something to do now.</param>
    /// <param name="Untold">Streams whose news may have gone untold: to be followed at once, and a hole in what is covered.</param>
    public sealed record Kept(DateTimeOffset? Due, bool More, ImmutableArray<Hole> Untold)
    {
        public static Kept Again(params Hole[] untold) => new(null, true, [.. untold]);
    }

    /// <summary>Notifications of a stream may be missing since then.</summary>
    public readonly record struct Hole(StreamName Stream, DateTimeOffset Since, ChannelTrouble Because)
    {
        public string Code => Because == ChannelTrouble.Missed ? CoverageLedger.ChannelMissed : CoverageLedger.ChannelGone;
    }

    /// <summary>Takes the next step. Whatever fails is tried again later, and is no reason for the loop to stop.</summary>
    /// <param name="streams">The streams there are.</param>
    public async Task<Kept> RunAsync(
        ConnectorScope scope, IReadOnlyCollection<StreamName> streams, CancellationToken cancellation)
    {
        var connector = connectors.Of(scope.Connection.Provider);
        var now = time.GetUtcNow();
        if (connector.Channels is not { } channels || grants.WebhookAddressOf(connector) is not { } address)
        {
            return new Kept(null, false, []);
        }

        var kept = await ListAsync(scope.Tenant, scope.Connection.Id, cancellation);
        HashSet<StreamName> wanted = [.. streams.Where(channels.Wants)];
        switch (ChannelPlan.Next([.. kept.Select(static one => one.Value)], wanted, channels.RenewBefore, now))
        {
            case ChannelStep.Open open:
                return await OpenAsync(scope, connector, channels, address, open.Stream, null, open.Failures, cancellation);
            case ChannelStep.Renew renew:
                return await OpenAsync(
                    scope, connector, channels, address, renew.Channel.Stream, renew.Channel, renew.Channel.Failures, cancellation);
            case ChannelStep.Close close:
                if (close.Channel.Trouble == ChannelTrouble.Silent)
                {
                    meter.Channel(connector.Provider.Text, "silent");
                }

                // Noted first: once the channel is forgotten, nobody would know of the hole. A silent one was noted with its news.
                var isDead = close.Channel.State == ChannelState.Open && IsDead(close.Channel, now);
                if (isDead && close.Channel is { IsNoted: false, Trouble: not ChannelTrouble.Silent })
                {
                    await NoteAsync(scope, channels, HoleOf(close.Channel), cancellation);
                }

                await CloseAsync(scope, channels, close.Channel, cancellation);
                return isDead ? Kept.Again(HoleOf(close.Channel)) : Kept.Again();
            case ChannelStep.Wait wait:
                await PruneWebhooks.RunAsync(scope.Tenant, scope.Connection.Id, now - KeptWebhook.Lifetime, cancellation);
                return new Kept(wait.Until, false, []);
            default:
                throw new InvalidOperationException("An unknown step.");
        }
    }

    /// <summary>
    /// A look found news in the stream that no notification told of: its channel is taken for dead. One that was opened
    /// within the last minute is given the benefit of the doubt.
    /// </summary>
    /// <returns>What to write with the news.</returns>
    public static async Task<IReadOnlyList<Operation>> DoubtAsync(
        TenantScope scope, ConnectionId connection, StreamName stream, DateTimeOffset now, CancellationToken cancellation)
    {
        var newest = (await ListAsync(scope, connection, cancellation))
            .Where(one => one.Value.Stream == stream && one.Value is { State: ChannelState.Open, Trouble: ChannelTrouble.None })
            .MaxBy(static one => one.Value.OpenedAt);
        return newest is not null && now - newest.Value.OpenedAt >= FirstPause
            ? [scope.Put(SyncKinds.Channel, newest.Value with { Trouble = ChannelTrouble.Silent }, Condition.Any)]
            : [];
    }

    /// <summary>
    /// What a provider said it lost is a hole from what was proven last on, before anything is followed: afterwards nobody
    /// could tell how long it was.
    /// </summary>
    public async Task NoteTroubleAsync(ConnectorScope scope, CancellationToken cancellation)
    {
        if (connectors.Of(scope.Connection.Provider).Channels is not { } channels)
        {
            return;
        }

        foreach (var one in await ListAsync(scope.Tenant, scope.Connection.Id, cancellation))
        {
            if (one.Value is { State: ChannelState.Open, IsNoted: false, Trouble: ChannelTrouble.Gone or ChannelTrouble.Missed })
            {
                await NoteAsync(scope, channels, HoleOf(one.Value), cancellation);
                await PutAsync(scope, one.Value with { IsNoted = true }, cancellation);
            }
        }
    }

    /// <summary>Ends all of them, as far as the provider can be reached.</summary>
    public async Task CloseAllAsync(ConnectorScope scope, CancellationToken cancellation)
    {
        if (connectors.Of(scope.Connection.Provider).Channels is not { } channels)
        {
            return;
        }

        foreach (var one in await ListAsync(scope.Tenant, scope.Connection.Id, cancellation))
        {
            await CloseAsync(scope, channels, one.Value, cancellation);
        }
    }

    private async Task<Kept> OpenAsync(
        ConnectorScope scope,
        IConnector connector,
        IChannels channels,
        Uri address,
        StreamName stream,
        KeptChannel? before,
        int failures,
        CancellationToken cancellation)
    {
        var opening = new KeptChannel(
            ChannelId.New(time), scope.Connection.Id, connector.Provider, stream, ChannelState.Opening, time.GetUtcNow());
        await directory.EnterAsync(scope.Tenant.Tenant, opening, opening.Id.Text, cancellation);
        await scope.Tenant.CommitAsync([scope.Tenant.Put(SyncKinds.Channel, opening, Condition.Absent)], cancellation);

        var order = new ChannelOrder(opening.Id, stream, scope.Tenant.Keys.WebhookSecret(opening.Id.Text), address);
        var outcome = await channels.OpenAsync(scope, order, before?.AsChannel, cancellation);
        if (outcome.Try(out var channel, out var why))
        {
            return channel.Id == opening.Id
                ? await OpenedAsync(scope, opening, channel, before, cancellation)
                : await RenewedAsync(scope, opening, before!, channel, cancellation);
        }

        if (before is not null && why is SyncFailures.Gone or SyncFailures.CursorExpired)
        {
            // It had ended without a word.
            await ForgetAsync(scope, opening, cancellation);
            await PutAsync(scope, before! with { Trouble = ChannelTrouble.Gone }, cancellation);
            meter.Channel(connector.Provider.Text, "gone");
            return Kept.Again();
        }

        var grown = FirstPause * Math.Pow(2, Math.Clamp(failures, 0, 10));
        var pause = why is SyncFailures.RateLimited limited ? limited.Wait : grown < LongestPause ? grown : LongestPause;
        var until = time.GetUtcNow() + pause;
        if (before is not null)
        {
            await ForgetAsync(scope, opening, cancellation);
            await PutAsync(scope, before with { Failures = failures + 1, RestsUntil = until }, cancellation);
        }
        else
        {
            await PutAsync(
                scope, opening with { State = ChannelState.Refused, Failures = failures + 1, RestsUntil = until }, cancellation);
        }

        meter.Channel(connector.Provider.Text, why.Code);
        return Kept.Again();
    }

    /// <summary>A new one. What it replaces is closed by the next step: both tell of news meanwhile.</summary>
    private async Task<Kept> OpenedAsync(
        ConnectorScope scope, KeptChannel opening, Channel channel, KeptChannel? before, CancellationToken cancellation)
    {
        var open = opening with
        {
            State = ChannelState.Open,
            ProviderRef = channel.ProviderRef,
            ResourceRef = channel.ResourceRef,
            ExpiresAt = channel.ExpiresAt,
        };
        if (channel.ProviderRef != opening.Id.Text)
        {
            await directory.EnterAsync(scope.Tenant.Tenant, open, channel.ProviderRef, cancellation);
        }

        await PutAsync(scope, open, cancellation);
        meter.Channel(open.Provider.Text, "opened");

        // News between the end of the last one and the beginning of this one are nobody's to tell.
        return before?.Trouble == ChannelTrouble.Missed
            ? Kept.Again(HoleOf(before))
            : Kept.Again();
    }

    /// <summary>The same one, for longer.</summary>
    private async Task<Kept> RenewedAsync(
        ConnectorScope scope, KeptChannel opening, KeptChannel before, Channel channel, CancellationToken cancellation)
    {
        await ForgetAsync(scope, opening, cancellation);
        meter.Channel(before.Provider.Text, "renewed");
        await directory.EnterAsync(scope.Tenant.Tenant, before, channel.ProviderRef, cancellation);
        await PutAsync(
            scope,
            before with
            {
                ProviderRef = channel.ProviderRef,
                ResourceRef = channel.ResourceRef,
                ExpiresAt = channel.ExpiresAt,
                Trouble = ChannelTrouble.None,
                IsNoted = false,
                Failures = 0,
                RestsUntil = null,
            },
            cancellation);
        return before.Trouble == ChannelTrouble.Missed
            ? Kept.Again(HoleOf(before))
            : Kept.Again();
    }

    private static Hole HoleOf(KeptChannel channel) => new(channel.Stream, channel.OpenedAt, channel.Trouble);

    private Task NoteAsync(ConnectorScope scope, IChannels channels, Hole hole, CancellationToken cancellation) =>
        KeepCoverage.OfChannelAsync(
            scope.Tenant, scope.Connection.Id, stream => channels.TellsOf(hole.Stream, stream), hole.Code, time.GetUtcNow(), cancellation);

    /// <summary>At the provider as far as it can be reached: what is not ended there ends by itself and finds nobody.</summary>
    private async Task CloseAsync(ConnectorScope scope, IChannels channels, KeptChannel channel, CancellationToken cancellation)
    {
        if (channel.State == ChannelState.Open)
        {
            await channels.CloseAsync(scope, channel.AsChannel, cancellation);
        }

        await ForgetAsync(scope, channel, cancellation);
    }

    private async Task ForgetAsync(ConnectorScope scope, KeptChannel channel, CancellationToken cancellation)
    {
        await scope.Tenant.CommitAsync([scope.Tenant.Delete(SyncKinds.Channel, channel.Id.Text, Condition.Any)], cancellation);
        await directory.LeaveAsync(scope.Tenant.Tenant, channel, cancellation);
    }

    private static async Task PutAsync(ConnectorScope scope, KeptChannel channel, CancellationToken cancellation) =>
        await scope.Tenant.CommitAsync([scope.Tenant.Put(SyncKinds.Channel, channel, Condition.Any)], cancellation);

    private static bool IsDead(KeptChannel channel, DateTimeOffset now) =>
        channel.Trouble is ChannelTrouble.Gone or ChannelTrouble.Silent || channel.ExpiresAt <= now;

    private static async Task<IReadOnlyList<Stored<KeptChannel>>> ListAsync(
        TenantScope scope, ConnectionId connection, CancellationToken cancellation) =>
        (await scope.Records.ListAsync(
            SyncKinds.Channel, KeptChannel.ByConnection, KeptChannel.PrefixOf(connection), ListOrder.Ascending, Most, null, cancellation)).Items;
}
