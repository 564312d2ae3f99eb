using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Access;

public sealed class EndAllSessionsTests
{
    private static readonly Actor Job = new Actor.Job("rotate-keys");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "AUTH-4")]
    public async Task Every_session_of_the_practice_ends_and_none_of_another()
    {
        await using var premises = await Premises.OpenAsync(new() { Letters = 0 });
        var other = await premises.FoundAsync("Second Practice", "owner@second-practice.example");
        var second = await OpenAsync(premises);

        Assert.Equal(2, await EndAsync(premises));

        Assert.IsType<AccessFailures.NotSignedIn>((await FindAsync(premises, second)).Failure);
        Assert.Equal(1, await premises.Get<EndAllSessions>().RunAsync(other.Tenant, Job, EndAllSessions.Reason.Asked, Cancellation));
        await premises.SignInAsync("owner@practice.example");
    }

    [Fact]
    [Trait("Promise", "OPS-1")]
    public async Task Many_are_ended_in_pages_each_with_its_leaf_and_its_entry_in_the_ledger()
    {
        await using var premises = await Premises.OpenAsync(new() { Letters = 0 });
        await FillAsync(premises, 200);
        var ledger = await LedgerAsync(premises);

        Assert.Equal(201, await EndAsync(premises));

        var leaves = await premises.LeavesAsync(AuditAct.SessionsEnded);
        Assert.Equal([90, 90, 21], leaves.Select(leaf => Assert.Single(leaf.Counts).Value));
        Assert.All(leaves, leaf => Assert.Equal(new AuditSubject("reason", "compromised"), Assert.Single(leaf.Subjects)));
        Assert.Equal(201, await LedgerAsync(premises) - ledger);
        Assert.Equal(0, await EndAsync(premises));
        Assert.Equal(3, (await premises.LeavesAsync(AuditAct.SessionsEnded)).Count);
    }

    [Fact]
    public async Task Two_programs_at_once_end_each_session_once()
    {
        await using var premises = await Premises.OpenAsync(new() { Letters = 0 });
        await FillAsync(premises, 150);
        var ended = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => EndAsync(premises))));
        Assert.Equal(151, ended.Sum());
    }

    [Fact]
    public async Task A_session_that_does_not_open_is_ended_as_well()
    {
        await using var premises = await Premises.OpenAsync(new() { Letters = 0 });
        var scope = await premises.ScopeAsync();
        var session = scope.Records.Put(AccessKinds.Session, Made(premises), Condition.Absent);
        var spoilt = session with { Document = session.Document with { Body = new byte[] { 0, 0, 0, 1, 9, 9 } } };
        await scope.CommitAsync([spoilt], Cancellation);
        Assert.Equal(2, await EndAsync(premises));
    }

    [Fact]
    public async Task A_run_that_dies_at_any_write_is_finished_by_the_next()
    {
        for (var dies = 1; dies <= 3; dies++)
        {
            await using var premises = await Premises.OpenAsync(new() { Letters = 0 });
            await FillAsync(premises, 200);
            await premises.CrashAsync();
            var left = int.MaxValue;
            await premises.StartAsync(() =>
            {
                if (Interlocked.Decrement(ref left) < 0)
                {
                    throw new IOException("The disk is gone.");
                }
            });
            await premises.SettleAsync();
            left = dies - 1;
            await Assert.ThrowsAnyAsync<Exception>(() => EndAsync(premises));
            left = int.MaxValue;
            var before = await OnRecordAsync(premises);
            Assert.Equal(201 - before, await EndAsync(premises));
            Assert.Equal(201, await OnRecordAsync(premises));
        }
    }

    private static Task<long> EndAsync(Premises premises) => premises.Get<EndAllSessions>()
        .RunAsync(premises.Tenant, Job, EndAllSessions.Reason.Compromised, Cancellation);

    private static async Task<SignIn.Result> OpenAsync(Premises premises) =>
        (await premises.Get<SignIn>().RunAsync("owner@practice.example", new SecretText(Premises.Password), Cancellation)).Expect();

    private static Task<Outcome<SignedIn>> FindAsync(Premises premises, SignIn.Result opened) =>
        premises.Get<Sessions>().FindAsync(opened.Tenant, opened.Token, Cancellation);

    private static async Task<int> LedgerAsync(Premises premises) =>
        (await ErasureLedger.ReadAsync((await premises.ScopeAsync()).Storage.Logs, 0, Cancellation)).Sum(entry => entry.Keys.Length);

    private static async Task<long> OnRecordAsync(Premises premises) =>
        (await premises.LeavesAsync(AuditAct.SessionsEnded)).Sum(leaf => leaf.Counts.Single().Value);

    private static async Task FillAsync(Premises premises, int count)
    {
        var scope = await premises.ScopeAsync();
        foreach (var some in Enumerable.Range(0, count).Chunk(50))
        {
            await scope.CommitAsync(
                [.. some.Select(_ => scope.Put(AccessKinds.Session, Made(premises), Condition.Absent))], Cancellation);
        }
    }

    private static Session Made(Premises premises)
    {
        var now = premises.Clock.GetUtcNow();
        return new Session(
            Session.HashOf(Session.NewToken()), premises.Owner.Person.Id, now, now + Session.Lifetime, CsrfToken: Session.NewToken());
    }
}
