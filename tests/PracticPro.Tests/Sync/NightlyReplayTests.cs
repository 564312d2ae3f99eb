using PracticPro.Audit;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Streams;
using PracticPro.Sync.Streams.Journal;
using PracticPro.Tests.Support;
using PracticPro.Vault;

namespace PracticPro.Tests.Sync;

/// <summary>Each connection's journal is understood again once a day, and a difference is told.</summary>
[Trait("Promise", "SYNC-1")]
public sealed class NightlyReplayTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sound_mailbox_is_replayed_once_a_day_and_nothing_is_told()
    {
        await using var premises = await Premises.ConnectedAsync();
        Assert.Null(await ReplayAsync(premises));
        premises.Clock.Advance(ReplayNightly.Every);
        await premises.PassUntilAsync(async () => (await RollAsync(premises)).ReplayedAt is not null, most: 60);
        Assert.Null(await ReplayAsync(premises));
        Assert.Empty(await premises.LeavesAsync(AuditAct.SyncReplayDiffered));
    }

    [Fact]
    public async Task What_is_stored_otherwise_than_it_was_read_is_told_in_the_log_and_left_as_it_is()
    {
        await using var premises = await Premises.ConnectedAsync();
        var scope = await premises.ScopeAsync();
        var message = (await premises.StoredMailAsync())[0];
        var other = message with { SizeBytes = message.SizeBytes + 1 };
        Assert.IsType<CommitOutcome.Committed>(
            await scope.CommitAsync([scope.Put(SyncKinds.Message, other, Condition.Any)], Cancellation));
        premises.Clock.Advance(ReplayNightly.Every);
        await premises.PassUntilAsync(async () => (await RollAsync(premises)).ReplayedAt is not null, most: 60);
        var leaf = Assert.Single(await premises.LeavesAsync(AuditAct.SyncReplayDiffered));
        Assert.Contains(new AuditSubject("because", "stored-otherwise"), leaf.Subjects);
        Assert.Contains(
            await premises.StoredMailAsync(), one => one.SourceId == other.SourceId && one.SizeBytes == other.SizeBytes);
        Assert.Null(await ReplayAsync(premises));
    }

    [Fact]
    public async Task A_program_that_was_away_for_days_replays_once_when_it_is_back()
    {
        await using var premises = await Premises.ConnectedAsync();
        await premises.CrashAsync();
        premises.Clock.Advance(ReplayNightly.Every * 3);
        await premises.StartAsync();
        await premises.PassUntilAsync(async () => (await RollAsync(premises)).ReplayedAt is not null, most: 60);
        Assert.Null(await ReplayAsync(premises));
    }

    private static async Task<ReplayVerdict?> ReplayAsync(Premises premises)
    {
        var connection = await premises.ConnectionAsync();
        var connector = premises.Get<GmailConnector>();
        var scope = new ConnectorScope(
            await premises.ScopeAsync(), connection, premises.Get<AccessTokens>().For(premises.Tenant, connection.Id, connector));
        return await premises.Get<ReplayNightly>().RunAsync(scope, connector, await StoredRollAsync(premises), Cancellation);
    }

    private static async Task<StreamRoll> RollAsync(Premises premises) => (await StoredRollAsync(premises)).Value;

    private static async Task<Stored<StreamRoll>> StoredRollAsync(Premises premises) =>
        (await (await premises.ScopeAsync()).FindAsync(SyncKinds.Roll, premises.Connection.Text, Cancellation))!;
}
