using System.Collections.Immutable;

namespace PracticPro.Sync.Budgets;

/// <summary>What a provider allows, as data.</summary>
/// <param name="Name">Lower-case words with hyphens.</param>
/// <param name="Account">For each account: a mailbox, a calendar's owner, a company.</param>
/// <param name="App">For the program as a whole, all tenants together.</param>
internal sealed record ProviderBudget(string Name, ImmutableArray<Allowance> Account, ImmutableArray<Allowance> App)
{
    /// <summary>Calls under way at the same time an account; null: no such limit.</summary>
    public int? AtOnce { get; init; }

    /// <summary>Calls a calendar month (UTC) for the program as a whole, counted over all its processes; null: none.</summary>
    public int? Monthly { get; init; }

    /// <summary>The part of one of several processes. The month is counted among them and not parted.</summary>
    public ProviderBudget Among(int processes) => this with
    {
        Account = [.. Account.Select(one => one.Among(processes))],
        App = [.. App.Select(one => one.Among(processes))],
        AtOnce = AtOnce is { } calls ? Math.Max(1, calls / processes) : null,
    };
}
