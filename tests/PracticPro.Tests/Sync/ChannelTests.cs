using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Channels;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Streams;
using PracticPro.Sync.Streams.Coverage;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync;

/// <summary>Orders for notifications: kept alive, replaced when they die, and told apart from forged ones.</summary>
[Trait("Promise", "SYNC-1")]
public sealed class ChannelTests
{
    private static readonly StreamName Invoices = StreamName.Parse("invoices");
    private readonly ScriptedChannels channels = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "CON-4")]
    public async Task A_channel_is_found_by_its_id_and_its_own_secret_only()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await ConnectedAsync(provider);
        await KeepAsync(premises);
        var (channel, secret) = Assert.Single(channels.Opened);
        var directory = premises.Get<ChannelDirectory>();
        foreach (var reference in new[] { channel.Id.Text, channel.ProviderRef })
        {
            var proven = await directory.ProveAsync(TurningConnector.Name, reference, secret, Cancellation);
            Assert.Equal((premises.Tenant, Invoices), (proven!.Tenant, proven.Kept.Stream));
        }

        var elsewhere = (await premises.ScopeAsync()).Keys.WebhookSecret(ChannelId.New(premises.Clock).Text).Reveal("to try it");
        Assert.Null(await directory.ProveAsync(TurningConnector.Name, channel.Id.Text, elsewhere, Cancellation));
        Assert.Null(await directory.ProveAsync(TurningConnector.Name, channel.Id.Text, "", Cancellation));
        Assert.Null(await directory.ProveAsync(TurningConnector.Name, "made-up", secret, Cancellation));
        Assert.Null(await directory.ProveAsync(PracticPro.Sync.Gmail.GmailConnector.Name, channel.Id.Text, secret, Cancellation));
    }

    [Fact]
    public async Task A_channel_is_renewed_well_ahead_and_stays_the_same()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await ConnectedAsync(provider);
        channels.CanRenew = true;
        var due = await KeepAsync(premises);
        Assert.Equal(premises.Clock.GetUtcNow() + TimeSpan.FromDays(6), due.Due);
        premises.Clock.Advance(TimeSpan.FromDays(6));
        await KeepAsync(premises);
        Assert.Equal(1, channels.Renewals);
        Assert.Single(channels.Living);
        var kept = Assert.Single(await KeptAsync(premises));
        Assert.Equal(premises.Clock.GetUtcNow() + TimeSpan.FromDays(7), kept.ExpiresAt);
    }

    [Fact]
    public async Task Where_nothing_can_be_renewed_the_next_one_is_open_before_the_last_is_closed()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await ConnectedAsync(provider);
        await KeepAsync(premises);
        premises.Clock.Advance(TimeSpan.FromDays(6));
        await KeepAsync(premises);
        Assert.Equal(2, channels.MostLiving);
        Assert.Equal(channels.Opened[1].Channel.Id, Assert.Single(channels.Living).Id);
        Assert.Equal(channels.Opened[1].Channel.Id, Assert.Single(await KeptAsync(premises)).Id);
    }

    [Fact]
    public async Task A_channel_that_a_look_found_silent_is_replaced_at_once_and_leaves_a_hole()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await ConnectedAsync(provider);
        await KeepAsync(premises);
        premises.Clock.Advance(TimeSpan.FromMinutes(5));
        var scope = await premises.ScopeAsync();
        var doubt = await KeepChannels.DoubtAsync(
            scope, premises.Connection, Invoices, premises.Clock.GetUtcNow(), Cancellation);
        await scope.CommitAsync([.. doubt], Cancellation);
        var kept = await KeepAsync(premises);
        Assert.Equal((Invoices, ChannelTrouble.Silent), (Assert.Single(kept.Untold).Stream, kept.Untold[0].Because));
        Assert.Equal(2, channels.Opened.Count);
        Assert.Equal(channels.Opened[1].Channel.Id, Assert.Single(channels.Living).Id);
    }

    [Fact]
    public async Task A_channel_that_had_ended_without_a_word_is_found_at_its_renewal()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await ConnectedAsync(provider);
        channels.CanRenew = true;
        await KeepAsync(premises);
        premises.Clock.Advance(TimeSpan.FromDays(6));
        channels.Refuse(new SyncFailures.Gone());
        var kept = await KeepAsync(premises);
        Assert.Equal(ChannelTrouble.Gone, Assert.Single(kept.Untold).Because);
        Assert.Equal(2, channels.Opened.Count);
        Assert.Single(await KeptAsync(premises));
    }

    [Fact]
    public async Task A_channel_found_dead_at_its_renewal_is_a_hole_from_the_last_proof_until_it_is_followed_to_the_end()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await ConnectedAsync(provider);
        channels.CanRenew = true;
        await KeepAsync(premises);
        var proven = await ProveAsync(premises);
        premises.Clock.Advance(TimeSpan.FromDays(6));
        channels.Refuse(new SyncFailures.Gone());
        await KeepAsync(premises);
        await AssertHoleAsync(premises, proven, CoverageLedger.ChannelGone);
    }

    [Theory]
    [InlineData(ChannelTrouble.Gone, CoverageLedger.ChannelGone)]
    [InlineData(ChannelTrouble.Missed, CoverageLedger.ChannelMissed)]
    public async Task What_the_provider_says_it_lost_is_a_hole_before_anything_is_followed(object trouble, string because)
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await ConnectedAsync(provider);
        channels.CanRenew = true;
        await KeepAsync(premises);
        var proven = await ProveAsync(premises);
        premises.Clock.Advance(TimeSpan.FromMinutes(4));
        var scope = await premises.ScopeAsync();
        var told = Assert.Single(await KeptAsync(premises)) with { Trouble = (ChannelTrouble)trouble };
        await scope.CommitAsync([scope.Put(SyncKinds.Channel, told, Condition.Any)], Cancellation);
        await premises.Get<KeepChannels>().NoteTroubleAsync(await ConnectorScopeAsync(premises), Cancellation);
        var closed = await AssertHoleAsync(premises, proven, because);

        await scope.CommitAsync([scope.Put(SyncKinds.Coverage, closed, Condition.Any)], Cancellation);
        await premises.Get<KeepChannels>().NoteTroubleAsync(await ConnectorScopeAsync(premises), Cancellation);
        Assert.Equal(Invoices, Assert.Single((await KeepAsync(premises)).Untold).Stream);
        Assert.Single((await LedgerAsync(premises)).Holes);
    }

    [Fact]
    public async Task A_refused_order_is_tried_again_later_and_later()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await ConnectedAsync(provider);
        channels.Refuse(new SyncFailures.ProviderRefused(), new SyncFailures.ProviderRefused());
        var first = await KeepAsync(premises);
        Assert.Equal(TimeSpan.FromMinutes(1), first.Due - premises.Clock.GetUtcNow());
        premises.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await KeepAsync(premises);
        Assert.Equal(TimeSpan.FromMinutes(2), second.Due - premises.Clock.GetUtcNow());
        premises.Clock.Advance(TimeSpan.FromMinutes(2));
        await KeepAsync(premises);
        Assert.Equal(ChannelState.Open, Assert.Single(await KeptAsync(premises)).State);
    }

    [Fact]
    public async Task An_order_that_a_crash_cut_off_is_tidied_up_and_made_anew()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await ConnectedAsync(provider);
        channels.Crash = true;
        await Assert.ThrowsAsync<InvalidOperationException>(() => KeepAsync(premises));
        channels.Crash = false;
        Assert.Equal(ChannelState.Opening, Assert.Single(await KeptAsync(premises)).State);
        premises.Clock.Advance(TimeSpan.FromMinutes(5));
        await KeepAsync(premises);
        Assert.Equal(ChannelState.Open, Assert.Single(await KeptAsync(premises)).State);
    }

    [Fact]
    public async Task A_stream_that_is_gone_takes_its_channel_along()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await ConnectedAsync(provider);
        await KeepAsync(premises);
        await KeepAsync(premises, []);
        Assert.Empty(channels.Living);
        Assert.Empty(await KeptAsync(premises));
    }

    [Fact]
    [Trait("Promise", "CON-3")]
    public async Task A_disconnect_ends_every_channel()
    {
        await using var provider = await TurningProvider.StartAsync(Cancellation);
        await using var premises = await ConnectedAsync(provider);
        await KeepAsync(premises);
        (await premises.Get<EndConnection>().RunAsync(premises.Owner, premises.Connection, Cancellation)).Expect();
        await premises.SettleAsync();
        Assert.Empty(channels.Living);
        Assert.Empty(await KeptAsync(premises));
        Assert.Equal(1, provider.Revocations);
    }

    private async Task<Premises> ConnectedAsync(TurningProvider provider)
    {
        var premises = await Turning.OpenAsync(provider, channels: channels);
        channels.Clock = premises.Clock;
        await premises.KeepAsync(Turning.ConnectAsync(premises, "company-1"));
        return premises;
    }

    /// <summary>Steps until there is nothing more to do now.</summary>
    private static async Task<KeepChannels.Kept> KeepAsync(Premises premises, StreamName[]? streams = null)
    {
        var scope = await ConnectorScopeAsync(premises);
        List<KeepChannels.Hole> holes = [];
        while (true)
        {
            var kept = await premises.Get<KeepChannels>().RunAsync(scope, streams ?? [Invoices], Cancellation);
            holes.AddRange(kept.Untold);
            if (!kept.More)
            {
                return kept with { Untold = [.. holes] };
            }
        }
    }

    private static async Task<ConnectorScope> ConnectorScopeAsync(Premises premises)
    {
        var tenant = await premises.ScopeAsync();
        var connection = await premises.ConnectionAsync();
        var tokens = premises.Get<AccessTokens>().For(premises.Tenant, connection.Id, premises.Get<TurningConnector>());
        return new ConnectorScope(tenant, connection, tokens);
    }

    /// <summary>The invoices have been followed to their end just now.</summary>
    private static async Task<DateTimeOffset> ProveAsync(Premises premises)
    {
        var (scope, now) = (await premises.ScopeAsync(), premises.Clock.GetUtcNow());
        var cursor = new StreamCursor(
            premises.Connection, Invoices, SyncPhase.InStep, Generation: 1, Point: "a-point", Sequence: 1, LookedAt: now);
        var ledger = CoverageLedger.Empty(premises.Connection, Invoices)
            .Covered(CoverageRun.Start(now, "a-point"), CoverageRun.MarkOf("a-point"), 1, now);
        await scope.CommitAsync(
            [scope.Put(SyncKinds.Cursor, cursor, Condition.Any), scope.Put(SyncKinds.Coverage, ledger, Condition.Any)], Cancellation);
        return now;
    }

    private static async Task<CoverageLedger> LedgerAsync(Premises premises) =>
        (await (await premises.ScopeAsync()).FindAsync(
            SyncKinds.Coverage, MirrorKey.Of(premises.Connection, Invoices), Cancellation))!.Value;

    /// <returns>The ledger with what changed since followed to its end.</returns>
    private static async Task<CoverageLedger> AssertHoleAsync(Premises premises, DateTimeOffset proven, string because)
    {
        var ledger = await LedgerAsync(premises);
        Assert.Equal((proven, because), (ledger.Open!.From, ledger.Open.Because));
        var now = premises.Clock.GetUtcNow();
        var closed = ledger.Covered(CoverageRun.Start(now, "a-point"), CoverageRun.MarkOf("the next"), 2, now);
        Assert.Equal((HoleClosing.Followed, now), (Assert.Single(closed.Holes).Closing, closed.Holes[0].Until));
        return closed;
    }

    private static async Task<IReadOnlyList<KeptChannel>> KeptAsync(Premises premises)
    {
        var scope = await premises.ScopeAsync();
        var page = await scope.Records.ListAsync(
            SyncKinds.Channel, KeptChannel.ByConnection, KeptChannel.PrefixOf(premises.Connection), ListOrder.Ascending, 100, null, Cancellation);
        return [.. page.Items.Select(item => item.Value)];
    }

    private sealed class ScriptedChannels : IChannels
    {
        private readonly Queue<Failure> refusals = new();

        public TimeProvider Clock { get; set; } = TimeProvider.System;

        public bool CanRenew { get; set; }

        public bool Crash { get; set; }

        public List<(Channel Channel, string Secret)> Opened { get; } = [];

        public List<Channel> Living { get; } = [];

        public int MostLiving { get; private set; }

        public int Renewals { get; private set; }

        public TimeSpan RenewBefore => TimeSpan.FromDays(1);

        public void Refuse(params Failure[] failures)
        {
            foreach (var one in failures)
            {
                refusals.Enqueue(one);
            }
        }

        public bool Wants(StreamName stream) => true;

        public Task<Outcome<Channel>> OpenAsync(
            ConnectorScope scope, ChannelOrder order, Channel? before, CancellationToken cancellation)
        {
            if (Crash)
            {
                throw new InvalidOperationException("The program ends here.");
            }

            if (refusals.TryDequeue(out var why))
            {
                return Task.FromResult(new Outcome<Channel>(why));
            }

            var now = Clock.GetUtcNow();
            if (CanRenew && before is not null)
            {
                Renewals++;
                return Task.FromResult(new Outcome<Channel>(before with { ExpiresAt = now.AddDays(7) }));
            }

            var channel = new Channel(
                order.Id, scope.Connection.Id, order.Stream, $"theirs-{Opened.Count}", null, now, now.AddDays(7));
            Opened.Add((channel, order.Secret.Reveal("to send it")));
            Living.Add(channel);
            MostLiving = Math.Max(MostLiving, Living.Count);
            return Task.FromResult(new Outcome<Channel>(channel));
        }

        public Task<Outcome<Done>> CloseAsync(ConnectorScope scope, Channel channel, CancellationToken cancellation)
        {
            Living.RemoveAll(one => one.Id == channel.Id);
            return Task.FromResult(new Outcome<Done>(Done.Value));
        }
    }
}
