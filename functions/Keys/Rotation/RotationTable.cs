namespace PracticPro.Keys.Rotation;

/// <summary>The order of a rotation's stages, and what each one is for.</summary>
internal static class RotationTable
{
    private static readonly (RotationStage Stage, Func<RotationReason, bool> Applies)[] Rows =
    [
        (RotationStage.EndSessions, OnlyIfCompromised),
        (RotationStage.RenewKey, Always),
        (RotationStage.Rewrap, Always),
        (RotationStage.MakeGenerations, ForDataKeys),
        (RotationStage.Announce, OnlyIfCompromised),
        (RotationStage.SetMoment, ForDataKeys),
        (RotationStage.AwaitMoment, ForDataKeys),
        (RotationStage.AnnounceAgain, OnlyIfCompromised),
        (RotationStage.SwitchOff, OnlyIfCompromised),
        (RotationStage.Reseal, ForDataKeys),
        (RotationStage.Settle, ForDataKeys),
        (RotationStage.Count, ForDataKeys),
        (RotationStage.Retire, ForDataKeys),
        (RotationStage.Finished, Always),
    ];

    /// <summary>Every stage of such a rotation, in order.</summary>
    public static IEnumerable<RotationStage> StagesOf(RotationReason reason) =>
        Rows.Where(row => row.Applies(reason)).Select(row => row.Stage);

    public static RotationStage First(RotationReason reason) => StagesOf(reason).First();

    /// <summary>The stage after one.</summary>
    /// <exception cref="InvalidOperationException">There is none after the last, or this reason has no such stage.</exception>
    public static RotationStage After(RotationStage stage, RotationReason reason)
    {
        var stages = StagesOf(reason).ToList();
        var at = stages.IndexOf(stage);
        return at >= 0 && at + 1 < stages.Count
            ? stages[at + 1]
            : throw new InvalidOperationException("A rotation has no such next stage.");
    }

    private static bool Always(RotationReason reason) => true;

    private static bool ForDataKeys(RotationReason reason) => reason != RotationReason.TenantKeyDue;

    private static bool OnlyIfCompromised(RotationReason reason) => reason == RotationReason.Compromised;
}
