using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync.Budgets;

public sealed class CallBudgetTests : IDisposable
{
    private static readonly TenantId Here = TenantId.Parse("here");
    private static readonly TenantId There = TenantId.Parse("there");
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeClock clock = new();
    private readonly MemoryFleet fleet = new();
    private readonly List<IDisposable> open = [];
    private readonly ConnectionId mailbox;
    private readonly ConnectionId other;

    public CallBudgetTests() => (mailbox, other) = (ConnectionId.New(clock), ConnectionId.New(clock));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => open.ForEach(one => one.Dispose());

    [Fact]
    public void A_practice_that_reads_fifty_thousand_messages_does_not_hold_up_anothers_news()
    {
        var gate = Gate(new("p", [new(1_000_000, Minute)], [new(100, Minute)]));
        for (var message = 0; message < 50_000; message++)
        {
            gate.Enter(new(Here, mailbox, 1, CallPriority.Backfill));
        }

        Assert.True(Enter(gate, There, other, CallPriority.Following).IsOver);
    }

    [Fact]
    public void Tenants_take_turns_where_the_programs_own_allowance_is_short()
    {
        var gate = Gate(new("p", [new(1_000, Minute)], [new(10, Minute)]));
        var many = Enumerable.Range(0, 30).Select(_ => Enter(gate, Here, mailbox, CallPriority.Backfill)).ToList();
        var few = Enumerable.Range(0, 4).Select(_ => Enter(gate, There, other, CallPriority.Backfill)).ToList();
        clock.Advance(Minute + TimeSpan.FromSeconds(2));
        Assert.All(few, call => Assert.True(call.IsOver));
        Assert.Equal(9 + 5, many.Count(call => call.IsOver));
    }

    [Fact]
    public void What_a_person_waits_for_is_let_in_while_a_reading_fills_its_part()
    {
        var gate = Gate(new("p", [new(100, Minute)], []));
        var reading = Enumerable.Range(0, 200).Select(_ => Enter(gate, Here, mailbox, CallPriority.Backfill)).ToList();
        Assert.Equal(90, reading.Count(call => call.IsOver));
        Assert.True(Enter(gate, Here, mailbox, CallPriority.Interactive).IsOver);
    }

    [Fact]
    public void Who_is_passed_over_nine_times_goes_next()
    {
        var gate = Gate(new("p", [new(1, TimeSpan.FromSeconds(1))], []));
        var hurried = Enumerable.Range(0, 40).Select(_ => Enter(gate, Here, mailbox, CallPriority.Interactive)).ToList();
        var patient = Enter(gate, Here, mailbox, CallPriority.Backfill);
        clock.Advance(TimeSpan.FromSeconds(15));
        Assert.True(patient.IsOver);
        Assert.InRange(hurried.Count(call => call.IsOver), 9, 15);
    }

    [Fact]
    public async Task After_the_provider_said_no_nothing_is_asked_for_that_account_until_then()
    {
        var gate = Gate(new("p", [new(100, Minute)], []));
        Lease(Enter(gate, Here, mailbox, CallPriority.Following)).Refused(TimeSpan.FromSeconds(40));
        Assert.Equal(
            new SyncFailures.RateLimited(TimeSpan.FromSeconds(40)), (await Enter(gate, Here, mailbox, CallPriority.Interactive).End).Failure);
        Assert.True((await Enter(gate, Here, other, CallPriority.Backfill).End).Try(out _, out _));
        clock.Advance(TimeSpan.FromSeconds(40));
        Lease(Enter(gate, Here, mailbox, CallPriority.Interactive)).Dispose();
    }

    [Fact]
    public async Task Who_was_waiting_when_the_provider_said_no_is_told_how_long()
    {
        var gate = Gate(new("p", [new(1, Minute)], []));
        var first = Lease(Enter(gate, Here, mailbox, CallPriority.Following));
        var second = Enter(gate, Here, mailbox, CallPriority.Following);
        Assert.False(second.IsOver);
        first.Refused(Minute);
        Assert.Equal(new SyncFailures.RateLimited(Minute), (await second.End).Failure);
    }

    [Fact]
    public void The_rate_is_halved_for_a_while_after_a_no()
    {
        var gate = Gate(new("p", [new(100, Minute)], []));
        var refused = Lease(Enter(gate, Here, mailbox, CallPriority.Interactive));
        refused.Refused(Minute);
        refused.Refused(Minute);
        clock.Advance(Minute * 2);
        Assert.Equal(50, LetIn(gate, 200));
        clock.Advance(AccountGate.Slowed + Minute);
        Assert.Equal(100, LetIn(gate, 200));
    }

    [Fact]
    public void A_clock_that_is_set_earns_nothing_and_costs_nothing()
    {
        var gate = Gate(new("p", [new(2, Minute)], []));
        Assert.Equal(2, LetIn(gate, 2));
        clock.Set(clock.GetUtcNow().AddDays(1));
        var third = Enter(gate, Here, mailbox, CallPriority.Interactive);
        Assert.False(third.IsOver);
        clock.Set(clock.GetUtcNow().AddDays(-3));
        clock.Advance(Minute + TimeSpan.FromSeconds(1));
        Assert.True(third.IsOver);
    }

    [Fact]
    public async Task Who_gives_up_leaves_its_place_to_the_next()
    {
        var gate = Gate(new("p", [new(1, Minute)], []));
        Assert.Equal(1, LetIn(gate, 1));
        using var stop = new CancellationTokenSource();
        var gone = gate.EnterAsync(new(Here, mailbox, 1, CallPriority.Following), stop.Token);
        var next = Enter(gate, Here, mailbox, CallPriority.Following);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        clock.Advance(Minute + TimeSpan.FromSeconds(1));
        Assert.True(next.IsOver);
    }

    [Fact]
    public void Four_calls_at_once_are_a_mailboxs_most_at_Graph()
    {
        var gate = Gate(ProviderBudgets.Graph);
        var calls = Enumerable.Range(0, 5).Select(_ => Enter(gate, Here, mailbox, CallPriority.Interactive)).ToList();
        Assert.Equal(4, calls.Count(call => call.IsOver));
        Lease(calls[0]).Dispose();
        Assert.True(calls[4].IsOver);
    }

    [Fact]
    public void Calls_that_go_as_one_are_under_way_as_many()
    {
        var gate = Gate(new("p", [], []) { AtOnce = 5 });
        var three = gate.Enter(new CallOrder(Here, mailbox, 3, CallPriority.Backfill) { Calls = 3 });
        var more = gate.Enter(new CallOrder(Here, mailbox, 3, CallPriority.Backfill) { Calls = 3 });
        var many = gate.Enter(new CallOrder(Here, mailbox, 9, CallPriority.Backfill) { Calls = 9 });
        Assert.Equal((true, false, false), (three.IsOver, more.IsOver, many.IsOver));
        Lease(three).Dispose();
        Assert.Equal((true, false), (more.IsOver, many.IsOver));
        Lease(more).Dispose();
        Assert.True(many.IsOver);
    }

    [Theory]
    [InlineData(6_000, 25)]
    [InlineData(2_400, 13)]
    [InlineData(600, 3)]
    [InlineData(100, 1)]
    public void What_goes_as_one_is_a_small_part_of_what_there_is_so_that_eight_go_within_a_minute(int units, int most)
    {
        var gate = Gate(new("p", [new(units, Minute)], []) { AtOnce = 500 });
        var one = new CallOrder(Here, mailbox, 20, CallPriority.Backfill);
        Assert.Equal(most, gate.Most(one, 25));
        var orders = Enumerable.Range(0, 8).Select(_ => gate.Enter(one with { Units = 20 * most, Calls = most })).ToList();
        clock.Advance(TimeSpan.FromSeconds(110));
        Assert.All(orders, static order => Assert.True(Lease(order) is not null));
    }

    [Fact]
    public void What_goes_as_one_is_smaller_where_several_processes_share_and_where_the_program_has_little() => Assert.Equal(
        (6, 2, 10),
        (
            Gate(new ProviderBudget("p", [new(6_000, Minute)], []).Among(5)).Most(new(Here, mailbox, 20, CallPriority.Backfill), 50),
            Gate(new("p", [new(6_000, Minute)], [new(450, Minute)])).Most(new(Here, mailbox, 20, CallPriority.Backfill), 50),
            Gate(new("p", [], []) { AtOnce = 10 }).Most(new(Here, mailbox, 20, CallPriority.Backfill), 50)));

    [Fact]
    public void What_goes_as_one_is_half_as_much_after_a_refusal()
    {
        var gate = Gate(new("p", [new(6_000, Minute)], []));
        var one = new CallOrder(Here, mailbox, 20, CallPriority.Backfill);
        var call = gate.Enter(one);
        Lease(call).Refused(TimeSpan.FromSeconds(1));
        Assert.Equal(12, gate.Most(one, 25));
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(25, gate.Most(one, 25));
    }

    [Fact]
    public void Several_processes_take_an_even_part_each() => Assert.Equal(
        (2_500, 32_500, 1),
        ProviderBudgets.Graph.Among(4) is var part ? (part.Account[0].Units, part.App[0].Units, part.AtOnce!.Value) : default);

    [Fact]
    public void Reading_whole_is_in_less_hurry_than_following() => Assert.Equal(
        [CallPriority.Following, CallPriority.Backfill, CallPriority.Following, CallPriority.Backfill],
        [
            CallPriorities.Of(new StreamRequest.Begin()),
            CallPriorities.Of(new StreamRequest.Read(null, null)),
            CallPriorities.Of(new StreamRequest.Follow("point", null)),
            CallPriorities.Of(new StreamRequest.Ask([])),
        ]);

    [Fact]
    public void Every_call_of_Gmails_has_its_price() =>
        Assert.All(GoogleServices.Gmail.Operations, operation => Assert.True(GmailUnits.IsKnown(operation), operation.Name));

    [Fact]
    public async Task A_months_calls_are_counted_over_processes_and_restarts()
    {
        var budget = new ProviderBudget("monthly", [], []) { Monthly = 1_000 };
        Assert.Equal(400, await MadeAsync(Budget(), budget, 400, CallPriority.Interactive));
        Assert.Equal(600, await MadeAsync(Budget(), budget, 2_000, CallPriority.Interactive));
    }

    [Fact]
    public async Task A_months_last_calls_are_kept_for_whoever_is_in_a_hurry()
    {
        var budget = new ProviderBudget("monthly", [], []) { Monthly = 1_000 };
        using var calls = Budget();
        Assert.Equal(800, await MadeAsync(calls, budget, 2_000, CallPriority.Backfill));
        Assert.Equal(150, await MadeAsync(calls, budget, 2_000, CallPriority.Following));
        Assert.Equal(50, await MadeAsync(calls, budget, 2_000, CallPriority.Interactive));
    }

    [Fact]
    public async Task Two_processes_together_do_not_pass_the_months_calls()
    {
        var budget = new ProviderBudget("monthly", [], []) { Monthly = 1_000 };
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () => MadeAsync(Budget(), budget, 600, CallPriority.Interactive), Cancellation)));
        Assert.InRange(made.Sum(), 700, 1_000);
    }

    [Fact]
    public async Task A_new_month_begins_with_all_its_calls_and_the_old_count_is_cleared()
    {
        var budget = new ProviderBudget("monthly", [], []) { Monthly = 300 };
        using var calls = Budget();
        Assert.Equal(300, await MadeAsync(calls, budget, 400, CallPriority.Interactive));
        clock.Advance(TimeSpan.FromDays(62));
        Assert.Equal(300, await MadeAsync(calls, budget, 400, CallPriority.Interactive));
        Assert.Equal(3, fleet.Entries.Count);
    }

    [Fact]
    public async Task A_month_that_is_spent_is_waited_out_and_looked_at_meanwhile()
    {
        var budget = new ProviderBudget("monthly", [], []) { Monthly = 100 };
        using var calls = Budget();
        Assert.Equal(100, await MadeAsync(calls, budget, 100, CallPriority.Interactive));
        var outcome = await calls.EnterAsync(budget, new(Here, mailbox, 1, CallPriority.Interactive), Cancellation);
        Assert.Equal(new SyncFailures.RateLimited(TimeSpan.FromHours(6)), outcome.Failure);
    }

    private static WaitingCall Enter(ProviderGate gate, TenantId tenant, ConnectionId account, CallPriority priority) =>
        gate.Enter(new(tenant, account, 1, priority));

    private static CallLease Lease(WaitingCall call)
    {
        Assert.True(call.IsOver);
        return call.End.Result.Expect();
    }

    private int LetIn(ProviderGate gate, int most)
    {
        var calls = Enumerable.Range(0, most).Select(_ => Enter(gate, Here, mailbox, CallPriority.Interactive)).ToList();
        return calls.Count(call => call.IsOver);
    }

    private async Task<int> MadeAsync(CallBudget calls, ProviderBudget budget, int most, CallPriority priority)
    {
        var made = 0;
        for (var call = 0; call < most; call++)
        {
            var entered = await calls.EnterAsync(budget, new CallOrder(Here, mailbox, 1, priority), Cancellation);
            if (entered.Try(out var lease, out _))
            {
                lease.Dispose();
                made++;
            }
        }

        return made;
    }

    private ProviderGate Gate(ProviderBudget budget) => Kept(new ProviderGate(budget, clock));

    private CallBudget Budget() => Kept(new CallBudget(fleet, new SyncOptions(), clock));

    private T Kept<T>(T one)
        where T : IDisposable
    {
        lock (open)
        {
            open.Add(one);
        }

        return one;
    }
}
