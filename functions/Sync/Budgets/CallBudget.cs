using System.Collections.Concurrent;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Sync.Budgets;

/// <summary>
/// The one place every call to a provider passes, so that no provider has to say no: within what it allows an account and
/// the program, tenants take turns, and who is in a hurry goes first. Where several processes run, each takes an even part
/// (<see cref="SyncOptions.Processes"/>): nothing is asked between them, and what one leaves unused the others do not get.
/// </summary>
internal sealed class CallBudget(IFleet fleet, SyncOptions options, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, Entrance> entrances = new(StringComparer.Ordinal);

    /// <summary>
    /// Waits until the call may be made. <see cref="SyncFailures.RateLimited"/> when that is too far off: nothing was asked,
    /// and the step is to be taken again after the wait. Gives a lease, to be disposed when the call is over.
    /// </summary>
    public async ValueTask<Outcome<CallLease>> EnterAsync(
        ProviderBudget budget, CallOrder order, CancellationToken cancellation)
    {
        var entrance = EntranceTo(budget);
        if (entrance.Month is not { } month)
        {
            return await entrance.Gate.EnterAsync(order, cancellation);
        }

        var taken = await month.TakeAsync(order, cancellation);
        if (!taken.Try(out _, out var spent))
        {
            return spent;
        }

        var outcome = await entrance.Gate.EnterAsync(order, cancellation);
        if (outcome.Failure is not null)
        {
            await month.GiveBackAsync(order);
        }

        return outcome;
    }

    /// <inheritdoc cref="ProviderGate.Most"/>
    public int Most(ProviderBudget budget, CallOrder one, int wanted) => EntranceTo(budget).Gate.Most(one, wanted);

    public void Dispose()
    {
        foreach (var entrance in entrances.Values)
        {
            entrance.Gate.Dispose();
            entrance.Month?.Dispose();
        }
    }

    private Entrance EntranceTo(ProviderBudget budget) =>
        entrances.GetOrAdd(budget.Name, static (_, with) => with.Self.Open(with.Budget), (Self: this, Budget: budget));

    private Entrance Open(ProviderBudget budget) => new(
        new ProviderGate(budget.Among(options.Processes), time),
        budget.Monthly is { } calls ? new MonthlyCalls(budget.Name, calls, fleet, time) : null);

    private sealed record Entrance(ProviderGate Gate, MonthlyCalls? Month);
}
