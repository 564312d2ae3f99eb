namespace PracticPro.Approvals;

/// <summary>Gate 3, for tasks.</summary>
internal static class TaskRules
{
    public static IEnumerable<GateReason> Reasons(OutgoingTask task, DateTimeOffset now)
    {
        // A day ends last at UTC-12: before that it is over nowhere.
        if (task.Order.Task.Due is { } due && due.ToDateTime(TimeOnly.MinValue).AddHours(36) < now.UtcDateTime)
        {
            yield return new("due-in-the-past", Verdict.Confirm, "It is due on a day that is over.");
        }
    }
}
