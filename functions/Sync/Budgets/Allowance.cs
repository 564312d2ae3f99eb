namespace PracticPro.Sync.Budgets;

/// <summary>So much in any stretch of time of that length, wherever it begins.</summary>
/// <param name="Units">What the provider counts: calls, or units of a table. At least 1.</param>
internal readonly record struct Allowance(int Units, TimeSpan Window)
{
    /// <summary>The part of one of several programs that run side by side: an even one, at least 1.</summary>
    public Allowance Among(int processes) => this with { Units = Math.Max(1, Units / processes) };
}
