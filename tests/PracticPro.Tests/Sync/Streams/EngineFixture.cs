using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Calendars;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using PracticPro.Sync.Streams.Coverage;
using PracticPro.Sync.Streams.Journal;
using PracticPro.Tests.Keys;
using PracticPro.Tests.Vault;

namespace PracticPro.Tests.Sync.Streams;

/// <summary>The loop of one connection without the loop: steps are taken by hand, over a store whose power may fail.</summary>
internal sealed class EngineFixture : IDisposable
{
    // The same in every life, so that digests of two lives can be compared.
    private static readonly ConnectionId Id = ConnectionId.New(TimeProvider.System);

    private readonly VaultFixture vault = VaultFixture.Make();
    private readonly SyncOptions options = new() { BetweenLooks = TimeSpan.Zero };
    private int nudges;

    public EngineFixture(PlayedProvider provider)
    {
        Provider = provider;
        Connection = new Connection(
            Id,
            GmailConnector.Name,
            new ConnectedAccount("owner@practice.example", "owner@practice.example"),
            ConnectionState.Active,
            [],
            PersonId.New(vault.Clock),
            vault.Clock.GetUtcNow());
    }

    public PlayedProvider Provider { get; }

    public Connection Connection { get; }

    public PracticPro.Tests.Support.FakeClock Clock => vault.Clock;

    /// <summary>Power of the store; a fresh one is a restarted process.</summary>
    public Power Power { get; set; } = new();

    public CalendarFacts Calendars => new(Scopes(Power));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask<TenantScope> ScopeAsync() => Scopes(Power).OpenAsync(VaultFixture.A, Cancellation);

    public void Nudge() => nudges++;

    /// <summary>A nudge that names a stream, and everything that follows from it.</summary>
    public async Task NudgeAsync(string stream)
    {
        var named = StreamName.Parse(stream);
        while (await StepAsync(named) is { WaitUntil: null } answer)
        {
            Assert.True(answer.Looked);
            named = default;
        }
    }

    /// <summary>One step. What the store may throw, it throws.</summary>
    public Task<KeepInStep.StepAnswer> StepAsync() => StepAsync(default);

    private async Task<KeepInStep.StepAnswer> StepAsync(StreamName named)
    {
        var scope = await ScopeAsync();
        ImmutableArray<StreamName>? names = named == default ? null : [named];
        var news = new KeepInStep.StepInput(VaultFixture.A, Connection.Id, 1, nudges > 0, nudges, names).News;
        return await new TakeStreamStep(options, Clock).RunAsync(
            new ConnectorScope(scope, Connection, NoTokens.Instance), Provider, news, watch: null, Cancellation);
    }

    /// <summary>Steps until there is nothing to do but wait.</summary>
    public async Task<KeepInStep.StepAnswer> SettleAsync(int most = 500)
    {
        for (var steps = 0; steps < most; steps++)
        {
            if (await StepAsync() is { WaitUntil: not null } answer)
            {
                return answer;
            }
        }

        throw new InvalidOperationException("It does not settle.");
    }

    public async Task PassAsync(TimeSpan time)
    {
        Clock.Advance(time);
        await SettleAsync();
    }

    public async Task<ImmutableArray<CalendarEvent>> StoredAsync()
    {
        var scope = await ScopeAsync();
        var page = await scope.Records.ListAsync(
            SyncKinds.CalendarEvent, RecordMirror<CalendarEvent>.ByGeneration, "", ListOrder.Ascending, 500, null, Cancellation);
        return [.. page.Items.Select(static item => item.Value)];
    }

    public async Task<StreamCursor> CursorAsync(string stream = "one") => (await (await ScopeAsync()).FindAsync(
        SyncKinds.Cursor, MirrorKey.Of(Connection.Id, StreamName.Parse(stream)), Cancellation))!.Value;

    public async Task<CoverageLedger?> CoverageAsync(string stream = "one") => (await (await ScopeAsync()).FindAsync(
        SyncKinds.Coverage, MirrorKey.Of(Connection.Id, StreamName.Parse(stream)), Cancellation))?.Value;

    public async Task<ReplayVerdict> ReplayAsync()
    {
        var scope = await ScopeAsync();
        var context = new ConnectorScope(scope, Connection, NoTokens.Instance);
        return await new ReplayJournal(scope, Connection.Id, stream => Provider.Source(context, stream)).RunAsync(Cancellation);
    }

    /// <summary>The store says what the provider says.</summary>
    public async Task AssertInStepAsync() => Assert.Equal(
        Provider.Truth,
        (await StoredAsync()).Select(static item => $"{item.SourceId} {item.Stream} {item.Summary}").Order(StringComparer.Ordinal));

    public void Dispose() => vault.Dispose();

    // A ring of its own for each process, so that it sees no more than what was written.
    private TenantScopes Scopes(Power power)
    {
        var storage = new MortalStorage(vault.Storage, power);
        return new TenantScopes(storage, vault.Ring, new QueueBell(), Clock);
    }

    private sealed class NoTokens : IAccessTokens
    {
        public static readonly NoTokens Instance = new();

        public ValueTask<Outcome<SealedToken>> CurrentAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<Outcome<SealedToken>> RenewAsync(SealedToken stale, CancellationToken cancellation) =>
            throw new NotSupportedException();
    }
}
