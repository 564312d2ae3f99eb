using FsCheck;
using FsCheck.Fluent;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Published;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync.Budgets;

/// <summary>Random crowds at one provider's gate, under a clock that moves in small steps and is sometimes set.</summary>
public sealed class FairUseLawTests
{
    private const int LargestCost = 3;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private static readonly ProviderBudget Tight = new(
        "tight",
        [new(6, TimeSpan.FromSeconds(4)), new(14, TimeSpan.FromSeconds(20))],
        [new(12, TimeSpan.FromSeconds(5))])
    {
        AtOnce = 2,
    };

    private static readonly Gen<Wish> Wishes =
        from tenant in Gen.Choose(0, 2)
        from account in Gen.Choose(0, 1)
        from priority in Gen.Elements(CallPriority.Interactive, CallPriority.Following, CallPriority.Backfill)
        from units in Gen.Choose(1, LargestCost)
        from after in Gen.Elements(0, 0, 0, 1, 7, 40)
        from takes in Gen.Choose(0, 30)
        select new Wish(tenant, account, priority, units, after, takes);

    [Fact]
    public void No_limit_is_ever_passed_in_any_stretch_of_time() =>
        Hold(static crowd =>
            crowd.Calls.GroupBy(call => (call.Wish.Tenant, call.Wish.Account)).All(account =>
                Tight.Account.All(allowance => StaysWithin(account, allowance)))
            && Tight.App.All(allowance => StaysWithin(crowd.Calls, allowance)));

    [Fact]
    public void No_account_has_more_calls_under_way_than_it_may() =>
        Hold(static crowd => crowd.MostAtOnce <= Tight.AtOnce);

    [Fact]
    public void Everybody_is_let_in_once_or_sent_away_once() =>
        Hold(static crowd => crowd.Calls.All(call => call.Call.End.IsCompletedSuccessfully)
            && crowd.Calls.Where(call => call.LetInAt is null).All(call => call.Call.End.Result.Failure is not null));

    [Fact]
    public void Nobody_waits_for_ever_whoever_else_is_in_a_hurry() =>
        Hold(static crowd => crowd.Calls.All(call => call.EndedAt - call.EnteredAt <= ProviderGate.LongestWait + Step));

    [Fact]
    public void Within_an_account_and_a_class_whoever_came_first_goes_first() =>
        Hold(static crowd => crowd.Calls
            .GroupBy(call => (call.Wish.Tenant, call.Wish.Account, call.Wish.Priority))
            .All(line => line.Select(call => call.EndedAt).SequenceEqual(line.Select(call => call.EndedAt).Order())));

    private static void Hold(Func<Crowd, bool> law) =>
        Prop.ForAll(Wishes.ListOf().ToArbitrary(), wishes => law(Crowd.Play([.. wishes]))).QuickCheckThrowOnFailure();

    // Times are known to one step.
    private static bool StaysWithin(IEnumerable<Served> calls, Allowance allowance)
    {
        var served = calls.Where(call => call.LetInAt is not null).OrderBy(call => call.LetInAt).ToList();
        return served.All(first => served
            .Where(call => call.LetInAt >= first.LetInAt && call.LetInAt < first.LetInAt + allowance.Window - Step)
            .Sum(call => call.Wish.Units) <= allowance.Units);
    }

    /// <param name="AfterSteps">Steps of the clock since the wish before.</param>
    private sealed record Wish(int Tenant, int Account, CallPriority Priority, int Units, int AfterSteps, int TakesSteps);

    private sealed class Served(Wish wish, WaitingCall call, TimeSpan enteredAt)
    {
        public Wish Wish => wish;

        public WaitingCall Call => call;

        public TimeSpan EnteredAt => enteredAt;

        public TimeSpan? LetInAt { get; set; }

        public TimeSpan? EndedAt { get; set; }

        public CallLease? Lease { get; set; }
    }

    private sealed class Crowd : IDisposable
    {
        private static readonly TenantId[] Tenants = [TenantId.Parse("law-a"), TenantId.Parse("law-b"), TenantId.Parse("law-c")];

        private readonly FakeClock clock = new();
        private readonly Dictionary<(int Tenant, int Account), ConnectionId> accounts = [];
        private readonly ProviderGate gate;
        private TimeSpan now;

        private Crowd() => gate = new ProviderGate(Tight, clock);

        public List<Served> Calls { get; } = [];

        public int MostAtOnce { get; private set; }

        public static Crowd Play(IReadOnlyList<Wish> wishes)
        {
            using var crowd = new Crowd();
            foreach (var wish in wishes)
            {
                crowd.Move(wish.AfterSteps);
                crowd.Ask(wish);
            }

            // The clock of the wall is of no account here.
            crowd.clock.Set(crowd.clock.GetUtcNow() - TimeSpan.FromHours(5));
            for (var steps = 0; steps < 20_000 && crowd.Calls.Exists(call => call.EndedAt is null); steps++)
            {
                crowd.Move(1);
            }

            return crowd;
        }

        public void Dispose() => gate.Dispose();

        private void Ask(Wish wish)
        {
            if (!accounts.TryGetValue((wish.Tenant, wish.Account), out var account))
            {
                accounts.Add((wish.Tenant, wish.Account), account = ConnectionId.New(clock));
            }

            Calls.Add(new Served(wish, gate.Enter(new CallOrder(Tenants[wish.Tenant], account, wish.Units, wish.Priority)), now));
            Look();
        }

        private void Move(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                clock.Advance(Step);
                now += Step;
                Look();
                foreach (var over in Calls.Where(call => call.LetInAt + (call.Wish.TakesSteps * Step) <= now))
                {
                    over.Lease!.Dispose();
                }

                Look();
            }
        }

        private void Look()
        {
            foreach (var call in Calls.Where(call => call.EndedAt is null && call.Call.IsOver))
            {
                call.EndedAt = now;
                if (call.Call.End.Result.Try(out var lease, out _))
                {
                    (call.LetInAt, call.Lease) = (now, lease);
                }
            }

            foreach (var account in Calls.GroupBy(call => (call.Wish.Tenant, call.Wish.Account)))
            {
                MostAtOnce = Math.Max(
                    MostAtOnce, account.Count(call => call.LetInAt is { } at && at + (call.Wish.TakesSteps * Step) > now));
            }
        }
    }
}
