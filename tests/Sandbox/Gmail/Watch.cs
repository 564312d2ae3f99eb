namespace PracticPro.Sandbox.Gmail;

/// <summary>A mailbox's push registration. It ends by itself after seven days; a mailbox has at most one.</summary>
internal sealed record Watch(string Topic, IReadOnlyList<string> LabelIds, bool Excludes, DateTimeOffset ExpiresAt)
{
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <summary>No label filter means: everything.</summary>
    public bool Wants(HistoryRecord record)
    {
        bool touched = record.Message.LabelIds.Concat(record.Touched).Any(LabelIds.Contains);
        return LabelIds.Count == 0 || touched != Excludes;
    }
}
