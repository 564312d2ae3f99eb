namespace PracticPro.Approvals;

/// <summary>What to do next about an approval.</summary>
internal abstract record ApprovalStep
{
    private ApprovalStep()
    {
    }

    public sealed record Wait(DateTimeOffset Until) : ApprovalStep;

    public sealed record Expire : ApprovalStep;

    /// <summary>Ask the gates once more, and let it go if they still agree.</summary>
    public sealed record Release : ApprovalStep;

    /// <summary>Make the one draft of a mail at the provider, or find it there.</summary>
    public sealed record MakeDraft : ApprovalStep;

    public sealed record Send : ApprovalStep;

    /// <summary>Find out what became of the last try.</summary>
    public sealed record LookUp : ApprovalStep;

    public sealed record End : ApprovalStep;
}

/// <summary>Decides the next step of an approval from what is stored; does nothing itself.</summary>
internal static class ApprovalPlan
{
    /// <summary>How often the provider is asked about what it cannot find before it counts as unknown.</summary>
    public const int MostLooks = 8;

    public static ApprovalStep Next(Approval approval, DateTimeOffset now) => approval switch
    {
        { State: ApprovalState.Waiting } when now >= approval.ExpiresAt => new ApprovalStep.Expire(),
        { State: ApprovalState.Waiting } => new ApprovalStep.Wait(approval.ExpiresAt),
        { State: ApprovalState.Approved, Decision.SendAfter: { } sendAfter } when now < sendAfter => new ApprovalStep.Wait(sendAfter),
        { State: ApprovalState.Approved } => new ApprovalStep.Release(),
        { State: ApprovalState.Sending, Action: OutgoingMail, Progress.DraftId: null } => new ApprovalStep.MakeDraft(),
        { State: ApprovalState.Sending, Progress.AttemptedAt: null } => new ApprovalStep.Send(),
        { State: ApprovalState.Sending } => new ApprovalStep.LookUp(),
        _ => new ApprovalStep.End(),
    };

    /// <summary>The pause before the provider is asked again: 1 s, doubled each time, at most 2 min.</summary>
    public static TimeSpan PauseBeforeLook(int looks) =>
        TimeSpan.FromSeconds(Math.Min(120, Math.Pow(2, Math.Clamp(looks, 0, 10))));
}
