using PracticPro.Audit;
using PracticPro.Sandbox.Faults;
using PracticPro.Sync;
using PracticPro.Sync.Streams.Coverage;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync;

/// <summary>Holes in what is known of a provider are recorded, told and closed.</summary>
[Trait("Promise", "SYNC-1")]
public sealed class CoverageJourneyTests
{
    private static readonly TimeSpan Poll = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_mailbox_that_is_followed_without_a_break_is_covered_by_one_span()
    {
        await using var premises = await Premises.ConnectedAsync();
        await premises.PassAsync(Poll);
        await premises.PassAsync(Poll);
        var coverage = await CoverageAsync(premises);
        var span = Assert.Single(coverage.Covered);
        Assert.Equal(("mailbox", premises.Clock.GetUtcNow()), (coverage.Stream, span.Until));
        Assert.Equal((64, 64), (span.AnswersDigest.Length, span.ItemsDigest.Length));
        Assert.Empty(coverage.Holes);
    }

    [Fact]
    public async Task An_outage_longer_than_two_polls_is_a_hole_until_it_is_followed_up()
    {
        await using var premises = await Premises.ConnectedAsync();
        var lookedAt = premises.Clock.GetUtcNow();
        await premises.Outside.DeliverAsync();
        premises.Outside.Fail("/history$", FaultKind.Status, "backendError", times: 40);
        await premises.PassAsync(Poll);
        Assert.Empty((await CoverageAsync(premises)).Holes);
        await premises.PassUntilAsync(async () => !(await CoverageAsync(premises)).Holes.IsEmpty, Poll, most: 6);
        var open = Assert.Single((await CoverageAsync(premises)).Holes);
        Assert.Equal((lookedAt, "provider-down", null), (open.From, open.Because, open.ClosedBy));
        Assert.Single(await premises.LeavesAsync(AuditAct.SyncHoleOpened));

        premises.Outside.World.Faults.Clear();
        await premises.PassAsync(Poll);
        await premises.AssertInStepAsync();
        var closed = Assert.Single((await CoverageAsync(premises)).Holes);
        Assert.Equal((lookedAt, "followed"), (closed.From, closed.ClosedBy));
        Assert.Single(await premises.LeavesAsync(AuditAct.SyncHoleClosed));
    }

    [Fact]
    public async Task A_revoked_grant_is_a_hole_until_a_new_one_has_followed_it_up()
    {
        await using var premises = await Premises.ConnectedAsync();
        premises.Outside.World.Grants.RevokeAccount(Outside.Mailbox);
        await premises.PassAsync(Poll);
        Assert.Equal("grant-dead", Assert.Single((await CoverageAsync(premises)).Holes).Because);
        (await premises.ConnectAsync()).Expect();
        await premises.SettleAsync();
        var coverage = await CoverageAsync(premises);
        Assert.Equal("followed", Assert.Single(coverage.Holes).ClosedBy);
        Assert.Single(coverage.Covered);
    }

    [Fact]
    public async Task News_that_no_push_told_of_are_a_hole_in_what_is_heard()
    {
        await using var premises = await Premises.ConnectedAsync(new() { PushTopic = "projects/p/topics/gmail" });
        premises.Outside.World.Mailboxes.Find(Outside.Mailbox)!.Watch = null;
        await premises.Outside.DeliverAsync();
        await premises.PassAsync(Poll);
        var hole = Assert.Single((await CoverageAsync(premises)).Holes);
        Assert.Equal(("channel-silent", "followed"), (hole.Because, hole.ClosedBy));
    }

    [Fact]
    public async Task What_is_no_connection_has_no_coverage()
    {
        await using var premises = await Premises.OpenAsync();
        var outcome = await premises.Get<CoverageFacts>().OfAsync(
            premises.Tenant, PracticPro.Sync.Published.ConnectionId.New(premises.Clock), TestContext.Current.CancellationToken);
        Assert.IsType<SyncFailures.NoSuchConnection>(outcome.Failure);
    }

    private static async Task<StreamCoverage> CoverageAsync(Premises premises) => Assert.Single(
        (await premises.Get<CoverageFacts>().OfAsync(
            premises.Tenant, premises.Connection, TestContext.Current.CancellationToken)).Expect(),
        static one => one.Stream == "mailbox");
}
