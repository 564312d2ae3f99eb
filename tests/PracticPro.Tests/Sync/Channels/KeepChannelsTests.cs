using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Channels;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.GoogleCalendar;
using PracticPro.Tests.Sandbox;
using PracticPro.Tests.Support;
using PracticPro.Tests.Sync.GoogleCalendar;
using PracticPro.Tests.Vault;
using PracticPro.Vault;

namespace PracticPro.Tests.Sync.Channels;

public sealed class KeepChannelsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_channel_is_opened_once_and_found_by_its_id()
    {
        await using var hook = await CalendarHook.StartAsync();
        await using var stage = await CalendarStage.OpenAsync();
        var keeper = new Keeper(stage);

        await keeper.RunAsync(hook);
        await keeper.RunAsync(hook);

        var channel = Assert.Single(await keeper.StoredAsync());
        var entry = await ChannelDirectory.FindAsync(keeper.Fleet, channel.Id, Cancellation);
        Assert.Equal(CalendarStage.Tenant, entry!.Value.Tenant);
        Assert.True(CalendarNoticeTests.Read(await hook.NextAsync()).IsProven(channel, keeper.Scope.Tenant.Keys));
    }

    [Fact]
    public async Task It_is_replaced_before_its_end_both_speak_and_then_the_old_one_is_closed()
    {
        await using var hook = await CalendarHook.StartAsync();
        await using var stage = await CalendarStage.OpenAsync();
        var keeper = new Keeper(stage);
        await keeper.RunAsync(hook);
        var first = Assert.Single(await keeper.StoredAsync());
        keeper.Advance(TimeSpan.FromDays(5));
        await keeper.RunAsync(hook);

        Assert.Equal(2, (await keeper.StoredAsync()).Count);
        Assert.Equal(2, stage.Sandbox.World.Channels.Channels.Count(channel => !channel.HasEnded));
        keeper.Advance(ChannelPlan.Overlap);
        await keeper.RunAsync(hook);

        var second = Assert.Single(await keeper.StoredAsync());
        Assert.NotEqual(first.Id, second.Id);
        Assert.True(stage.Sandbox.World.Channels.Find(first.Id.Text)!.HasEnded);
        Assert.Null(await ChannelDirectory.FindAsync(keeper.Fleet, first.Id, Cancellation));
    }

    [Fact]
    public async Task One_that_cannot_be_had_leaves_nothing_behind()
    {
        await using var stage = await CalendarStage.OpenAsync();
        await stage.Sandbox.SettingsAsync(new() { ["loopbackHttp"] = false });
        await using var hook = await CalendarHook.StartAsync();
        var keeper = new Keeper(stage);

        Assert.IsType<SyncFailures.ProviderRefused>((await keeper.TryAsync(hook)).Failure);

        Assert.Empty(await keeper.StoredAsync());
        Assert.Empty(keeper.Entries);
    }

    [Fact]
    public async Task With_the_connection_all_of_its_channels_end()
    {
        await using var hook = await CalendarHook.StartAsync();
        await using var stage = await CalendarStage.OpenAsync();
        var keeper = new Keeper(stage);
        await keeper.RunAsync(hook);

        await keeper.Keep.CloseAllAsync(keeper.Scope, keeper.Channels, Cancellation);

        Assert.Empty(await keeper.StoredAsync());
        Assert.Empty(keeper.Entries);
        Assert.All(stage.Sandbox.World.Channels.Channels, channel => Assert.True(channel.HasEnded));
    }

    /// <summary>A connection's scope over a store in memory, and what keeps its channels.</summary>
    private sealed class Keeper
    {
        private readonly FakeClock clock = new(SandboxClient.Start);
        private readonly MemoryFleet fleet = new();
        private readonly CalendarStage stage;

        public Keeper(CalendarStage stage)
        {
            this.stage = stage;
            var keys = TestKeys.Of(
                CalendarStage.Tenant, (Purpose.Tokens, 1, TestKeys.Filled(1)), (Purpose.Records, 1, TestKeys.Filled(2)));
            var storage = new MemoryStorage(clock).For(CalendarStage.Tenant);
            var connection = new Connection(
                stage.Connection, GoogleCalendarConnector.Name, new ConnectedAccount("a@x.example", "a@x.example"),
                ConnectionState.Active, [], PersonId.New(clock), clock.GetUtcNow());
            Scope = new ConnectorScope(new TenantScope(storage, keys, new QueueBell(), clock), connection, stage.Tokens);
            Fleet = new FleetDirectory(fleet, FleetHashing.KeysOf(TestKeys.Filled(3)));
            Keep = new KeepChannels(Fleet, new SyncOptions(), clock);
            Channels = new CalendarChannels(stage.Calendars, clock);
        }

        public ConnectorScope Scope { get; }

        public FleetDirectory Fleet { get; }

        public KeepChannels Keep { get; }

        public CalendarChannels Channels { get; }

        public IEnumerable<FleetKey> Entries => fleet.Entries.Keys;

        public Task<Outcome<Done>> TryAsync(CalendarHook hook) => Keep.RunAsync(
            Scope, Channels, GoogleCalendarConnector.Primary, hook.Address, isSilent: false, Cancellation);

        public async Task RunAsync(CalendarHook hook) => (await TryAsync(hook)).Expect();

        public async Task<IReadOnlyList<Channel>> StoredAsync()
        {
            var page = await Scope.Tenant.Records.ListAsync(
                SyncKinds.Channel, ChannelIndex.ByConnection, ChannelIndex.Prefix(stage.Connection), ListOrder.Ascending, 100,
                after: null, Cancellation);
            return [.. page.Items.Select(item => item.Value)];
        }

        public void Advance(TimeSpan step)
        {
            clock.Advance(step);
            stage.Sandbox.Clock.Advance(step);
        }
    }
}
