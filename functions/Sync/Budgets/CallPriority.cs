using PracticPro.Sync.Streams;

namespace PracticPro.Sync.Budgets;

/// <summary>How much hurry a call is in; the first goes first.</summary>
internal enum CallPriority
{
    /// <summary>A person waits, or something approved is to leave.</summary>
    Interactive,

    /// <summary>What changed lately.</summary>
    Following,

    /// <summary>What has been there for long: complete readings, and asking after what they did not show.</summary>
    Backfill,
}

internal static class CallPriorities
{
    public const int Count = 3;

    public static CallPriority Of(StreamRequest request) =>
        request is StreamRequest.Read or StreamRequest.Ask ? CallPriority.Backfill : CallPriority.Following;

    /// <summary>How much of an allowance a class may fill. What is left is there at once for whoever is in more hurry.</summary>
    public static double Share(CallPriority priority) => priority switch
    {
        CallPriority.Interactive => 1,
        CallPriority.Following => 0.97,
        _ => 0.9,
    };

    /// <summary>The same of a month's calls, where waiting for the next ones may take weeks.</summary>
    public static double MonthlyShare(CallPriority priority) => priority switch
    {
        CallPriority.Interactive => 1,
        CallPriority.Following => 0.95,
        _ => 0.8,
    };
}
