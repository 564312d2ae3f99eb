using System.Collections.Immutable;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Sync.Budgets;

/// <summary>
/// Everybody who wants to call one provider. Within an account and a class whoever came first goes first; accounts do not
/// wait for one another; where the program's own allowance is short, tenants take turns by what they were served.
/// Times are of the clock that cannot be set.
/// </summary>
internal sealed class ProviderGate : IDisposable
{
    /// <summary>Who has waited so long is sent away, to come again: a step is not to hang for longer.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    /// <summary>Of what there is, at least so many orders can go within its length.</summary>
    public const int SmallestShare = 8;

    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortestTimer = TimeSpan.FromMilliseconds(1);

    private readonly Lock gate = new();
    private readonly ProviderBudget budget;
    private readonly TimeProvider time;
    private readonly long origin;
    private readonly ITimer timer;
    private readonly ImmutableArray<SlidingWindow> windows;
    private readonly ClassTurns turns = new();
    private readonly Dictionary<(TenantId Tenant, ConnectionId? Account), AccountGate> accounts = [];
    private readonly Dictionary<TenantId, TenantShare> tenants = [];
    private readonly List<AccountGate> waiting = [];
    private double served;

    public ProviderGate(ProviderBudget budget, TimeProvider time)
    {
        (this.budget, this.time, origin) = (budget, time, time.GetTimestamp());
        windows = [.. budget.App.Select(static one => new SlidingWindow(one))];
        timer = time.CreateTimer(static self => ((ProviderGate)self!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => time.GetElapsedTime(origin);

    /// <summary>Waits for its turn. <see cref="SyncFailures.RateLimited"/> when that is too far off, with how far.</summary>
    public async Task<Outcome<CallLease>> EnterAsync(CallOrder order, CancellationToken cancellation)
    {
        var call = Enter(order);
        await using var stop = cancellation.Register(() => GiveUp(call, cancellation));
        return await call.End;
    }

    /// <summary>Takes a place; by now it may be let in or sent away.</summary>
    public WaitingCall Enter(CallOrder order)
    {
        lock (gate)
        {
            var now = Now;
            var call = new WaitingCall(order, now);
            var account = AccountOf(order);
            if (account.ClosedFor(now) is var closed && closed > TimeSpan.Zero)
            {
                call.SendAway(closed);
                return call;
            }

            if (!account.IsWaiting)
            {
                Waits(account);
            }

            account.Add(call);
            Pump(now);
            return call;
        }
    }

    public void GiveUp(WaitingCall call, CancellationToken cancellation)
    {
        lock (gate)
        {
            call.GiveUp(cancellation);
            Pump(Now);
        }
    }

    /// <summary>A call is over.</summary>
    public void Leave(AccountGate account, int calls)
    {
        lock (gate)
        {
            account.Left(calls);
            Pump(Now);
        }
    }

    /// <summary>
    /// How many calls like this one may go as one order, at least 1: together an eighth of what there is for its class, so that
    /// several such orders have their turns long before <see cref="LongestWait"/>; and fewer while the account is slowed, in the
    /// same measure.
    /// </summary>
    public int Most(CallOrder one, int wanted)
    {
        lock (gate)
        {
            var most = AccountOf(one).Most(one, wanted, Now);
            foreach (var window in windows)
            {
                most = Math.Min(most, (int)(window.Limit * CallPriorities.Share(one.Priority) / SmallestShare) / one.Units);
            }

            return Math.Max(1, most);
        }
    }

    /// <summary>The provider wants peace for this account.</summary>
    public void Close(AccountGate account, TimeSpan wait)
    {
        lock (gate)
        {
            var now = Now;
            account.Close(wait, now);
            foreach (var call in account.Clear())
            {
                call.SendAway(account.ClosedFor(now));
            }

            Pump(now);
        }
    }

    public void Dispose() => timer.Dispose();

    private void Look()
    {
        lock (gate)
        {
            Pump(Now);
        }
    }

    private AccountGate AccountOf(CallOrder order)
    {
        if (!tenants.TryGetValue(order.Tenant, out var tenant))
        {
            tenants.Add(order.Tenant, tenant = new TenantShare());
        }

        if (!accounts.TryGetValue((order.Tenant, order.Account), out var account))
        {
            // Calls for an account nobody knows yet are a tenant's few first ones; the provider counts them as its own.
            account = order.Account is null
                ? new AccountGate(tenant, budget with { Account = [], AtOnce = null }, isKnown: false)
                : new AccountGate(tenant, budget, isKnown: true);
            accounts.Add((order.Tenant, order.Account), account);
        }

        return account;
    }

    // Whoever was away is not owed what it did not ask for then.
    private void Waits(AccountGate account)
    {
        if (account.Tenant.Waiting++ == 0)
        {
            account.Tenant.Tag = Math.Max(account.Tenant.Tag, served);
        }

        account.Tag = Math.Max(account.Tag, account.Tenant.Served);
        waiting.Add(account);
    }

    /// <summary>Lets in everybody whose turn it is, and sets the timer for the next.</summary>
    private void Pump(TimeSpan now)
    {
        TimeSpan? next;
        do
        {
            SendAwayOverdue(now);
        }
        while (LetOneIn(now, out next));

        timer.Change(next is { } due ? due < ShortestTimer ? ShortestTimer : due : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void SendAwayOverdue(TimeSpan now)
    {
        for (var at = waiting.Count - 1; at >= 0; at--)
        {
            foreach (var call in waiting[at].Overdue(now - LongestWait))
            {
                call.SendAway(ComeAgain);
            }

            if (!waiting[at].IsWaiting)
            {
                waiting[at].Tenant.Waiting--;
                waiting.RemoveAt(at);
            }
        }
    }

    /// <param name="next">When nobody may go in: how long until somebody may, or has waited too long; null: a call's end tells.</param>
    private bool LetOneIn(TimeSpan now, out TimeSpan? next)
    {
        next = null;
        var heads = new List<NextCall>(waiting.Count);
        foreach (var account in waiting)
        {
            if (account.Next(now, out var wait) is { } head)
            {
                heads.Add(head);
            }
            else
            {
                next = Sooner(next, wait);
            }

            next = Sooner(next, account.OldestEnteredAt() + LongestWait - now);
        }

        Span<bool> waits = stackalloc bool[CallPriorities.Count];
        foreach (var head in heads)
        {
            waits[(int)head.Call.Order.Priority] = true;
        }

        if (turns.Next(waits) is not var (priority, wasPassedOver))
        {
            return false;
        }

        var chosen = heads.Where(head => head.Call.Order.Priority == priority)
            .MinBy(static head => (head.Account.Tenant.Tag, head.Account.Tag, head.Call.EnteredAt));
        var appWait = AppWait(chosen.Call.Order, wasPassedOver || chosen.WasPassedOver, now);
        if (appWait > TimeSpan.Zero)
        {
            next = Sooner(next, appWait);
            return false;
        }

        turns.Went(priority, waits);
        LetIn(chosen, now);
        return true;
    }

    private TimeSpan AppWait(CallOrder order, bool wasPassedOver, TimeSpan now)
    {
        var longest = TimeSpan.Zero;
        foreach (var window in windows)
        {
            var units = Math.Min(order.Units, window.Limit);
            var share = wasPassedOver ? 1 : CallPriorities.Share(order.Priority);
            var wait = window.WaitFor(units, Math.Max(units, (long)(window.Limit * share)), now);
            longest = wait > longest ? wait : longest;
        }

        return longest;
    }

    private void LetIn(NextCall chosen, TimeSpan now)
    {
        var (account, call) = (chosen.Account, chosen.Call);
        foreach (var window in windows)
        {
            window.Spend(Math.Min(call.Order.Units, window.Limit), now);
        }

        served = account.Tenant.Tag;
        account.Tenant.Served = account.Tag;
        account.Tenant.Tag += call.Order.Units;
        account.Tag += call.Order.Units;
        account.Went(call, now);
        call.LetIn(new CallLease(this, account, call.Order.Calls));
    }

    private static TimeSpan? Sooner(TimeSpan? one, TimeSpan? other) =>
        one is null || other < one ? other ?? one : one;
}
