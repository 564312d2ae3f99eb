namespace PracticPro.Sync.Budgets;

/// <summary>
/// Whose turn it is among the classes: the one in more hurry goes first, but one that was passed over nine times goes next.
/// </summary>
internal sealed class ClassTurns
{
    private const int Patience = 9;

    private readonly int[] passed = new int[CallPriorities.Count];

    /// <param name="waits">Of each class, whether somebody waits.</param>
    /// <returns>The class, and whether it goes out of its order; null when nobody waits.</returns>
    public (CallPriority Priority, bool WasPassedOver)? Next(ReadOnlySpan<bool> waits)
    {
        for (var at = CallPriorities.Count - 1; at >= 0; at--)
        {
            if (waits[at] && passed[at] >= Patience)
            {
                return ((CallPriority)at, true);
            }
        }

        var first = waits.IndexOf(true);
        return first < 0 ? null : ((CallPriority)first, false);
    }

    /// <summary>Somebody of that class went.</summary>
    public void Went(CallPriority priority, ReadOnlySpan<bool> waits)
    {
        passed[(int)priority] = 0;
        for (var at = (int)priority + 1; at < CallPriorities.Count; at++)
        {
            passed[at] = waits[at] ? passed[at] + 1 : 0;
        }
    }
}
