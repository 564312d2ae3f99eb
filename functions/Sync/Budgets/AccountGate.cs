using System.Collections.Immutable;

namespace PracticPro.Sync.Budgets;

/// <summary>One account at a provider: its allowances, who waits for them, and whether the provider said no. Under its gate's lock.</summary>
internal sealed class AccountGate(TenantShare tenant, ProviderBudget budget, bool isKnown)
{
    private const int SlowestHalvings = 3;

    /// <summary>How long it goes at half the rate after the provider said no; then the rate is doubled, and so on.</summary>
    public static readonly TimeSpan Slowed = TimeSpan.FromMinutes(5);

    private readonly ImmutableArray<SlidingWindow> windows = [.. budget.Account.Select(one => new SlidingWindow(one))];
    private readonly ClassTurns turns = new();
    private readonly Queue<WaitingCall>[] queues = [new(), new(), new()];
    private readonly int atOnce = budget.AtOnce ?? int.MaxValue;
    private int underWay;
    private int halvings;
    private TimeSpan easesAt;
    private TimeSpan closedUntil;

    public TenantShare Tenant => tenant;

    /// <summary>It is one account. Otherwise it stands for all of a tenant's whose name is not known yet.</summary>
    public bool IsKnown => isKnown;

    /// <summary>What it was served so far, in units; how accounts of one tenant take turns.</summary>
    public double Tag { get; set; }

    public bool IsWaiting => Array.Exists(queues, static queue => queue.Count > 0);

    /// <summary>How long the provider wants peace yet; zero: it does not.</summary>
    public TimeSpan ClosedFor(TimeSpan now) => closedUntil > now ? closedUntil - now : TimeSpan.Zero;

    public void Add(WaitingCall call) => queues[(int)call.Order.Priority].Enqueue(call);

    /// <summary>Takes those out who gave up, and gives those who have waited too long.</summary>
    public IEnumerable<WaitingCall> Overdue(TimeSpan enteredBefore)
    {
        foreach (var queue in queues)
        {
            while (queue.TryPeek(out var head) && (head.IsOver || head.EnteredAt <= enteredBefore))
            {
                queue.Dequeue();
                if (!head.IsOver)
                {
                    yield return head;
                }
            }
        }
    }

    public TimeSpan? OldestEnteredAt()
    {
        TimeSpan? oldest = null;
        foreach (var queue in queues)
        {
            if (queue.TryPeek(out var head) && (oldest is null || head.EnteredAt < oldest))
            {
                oldest = head.EnteredAt;
            }
        }

        return oldest;
    }

    /// <summary>Everybody who waits here, and nobody does any more.</summary>
    public IReadOnlyList<WaitingCall> Clear()
    {
        List<WaitingCall> all = [.. queues.SelectMany(static queue => queue).Where(static call => !call.IsOver)];
        Array.ForEach(queues, static queue => queue.Clear());
        return all;
    }

    /// <summary>Who is next here, whatever the program as a whole may do.</summary>
    /// <param name="wait">How long until its turn can come; null when that is told by a call's end.</param>
    public NextCall? Next(TimeSpan now, out TimeSpan? wait)
    {
        wait = null;
        Span<bool> waits = stackalloc bool[CallPriorities.Count];
        Waits(waits);
        if (turns.Next(waits) is not var (priority, wasPassedOver))
        {
            return null;
        }

        var head = queues[(int)priority].Peek();
        if (underWay > atOnce - Math.Min(head.Order.Calls, atOnce))
        {
            return null;
        }

        Ease(now);
        var share = wasPassedOver ? 1 : CallPriorities.Share(priority);
        var longest = TimeSpan.Zero;
        foreach (var window in windows)
        {
            var limit = Math.Max(1, window.Limit >> halvings);
            var units = Math.Min(head.Order.Units, limit);
            var here = window.WaitFor(units, Math.Max(units, (long)(limit * share)), now);
            longest = here > longest ? here : longest;
        }

        wait = longest;
        return longest == TimeSpan.Zero ? new NextCall(this, head, wasPassedOver) : null;
    }

    /// <summary>The one that <see cref="Next"/> gave goes.</summary>
    public void Went(WaitingCall call, TimeSpan now)
    {
        Span<bool> waits = stackalloc bool[CallPriorities.Count];
        Waits(waits);
        turns.Went(call.Order.Priority, waits);
        queues[(int)call.Order.Priority].Dequeue();
        foreach (var window in windows)
        {
            window.Spend(Math.Min(call.Order.Units, window.Limit), now);
        }

        underWay += call.Order.Calls;
    }

    public void Left(int calls) => underWay -= calls;

    /// <inheritdoc cref="ProviderGate.Most"/>
    public int Most(CallOrder one, int wanted, TimeSpan now)
    {
        Ease(now);
        var most = Math.Min(wanted >> halvings, atOnce);
        foreach (var window in windows)
        {
            var here = (window.Limit >> halvings) * CallPriorities.Share(one.Priority) / ProviderGate.SmallestShare;
            most = Math.Min(most, (int)here / one.Units);
        }

        return most;
    }

    public void Close(TimeSpan wait, TimeSpan now)
    {
        if (ClosedFor(now) == TimeSpan.Zero)
        {
            // Calls that were under way together hear one "no" together: it counts once.
            halvings = Math.Min(SlowestHalvings, halvings + 1);
        }

        closedUntil = now + wait > closedUntil ? now + wait : closedUntil;
        easesAt = closedUntil + Slowed;
    }

    private void Ease(TimeSpan now)
    {
        while (halvings > 0 && easesAt <= now)
        {
            halvings--;
            easesAt += Slowed;
        }
    }

    private void Waits(Span<bool> waits)
    {
        for (var at = 0; at < queues.Length; at++)
        {
            waits[at] = queues[at].Count > 0;
        }
    }
}

/// <summary>A tenant's part of what the program as a whole is allowed.</summary>
internal sealed class TenantShare
{
    /// <summary>What it was served so far, in units, or as much as those had who were waiting when it came.</summary>
    public double Tag { get; set; }

    /// <summary>The tag of its account that was served last.</summary>
    public double Served { get; set; }

    /// <summary>Accounts of it with somebody waiting.</summary>
    public int Waiting { get; set; }
}

/// <param name="WasPassedOver">Its class goes out of order, and so may fill what is kept free for the others.</param>
internal readonly record struct NextCall(AccountGate Account, WaitingCall Call, bool WasPassedOver);
