using System.Collections.Immutable;
using PracticPro.Audit.Verify;

namespace PracticPro.Audit;

/// <summary>A leaf as people read it, with its place in the log and what is left of its personal values.</summary>
internal sealed record AuditRecord(
    long Index,
    LeafId Id,
    DateTimeOffset At,
    string Actor,
    AuditAct Act,
    ImmutableArray<AuditSubject> Subjects,
    ImmutableArray<Named<long>> Counts,
    ImmutableArray<Named<AuditValue>> Values);

/// <summary>What became of a personal value since it was logged.</summary>
internal abstract record AuditValue
{
    private AuditValue()
    {
    }

    /// <summary>It is there, and it is the one the leaf commits to. Does not print itself.</summary>
    public sealed record Known(string Text) : AuditValue
    {
        public override string ToString() => "***";
    }

    /// <summary>It was erased, with its salt. Nobody can say any more what it was.</summary>
    public sealed record Erased : AuditValue;

    /// <summary>Something is there that does not open or is not what was logged. A reason to look at the store.</summary>
    /// <param name="Code">The vault's failure code, or <c>commitment-differs</c>.</param>
    public sealed record Unreadable(string Code) : AuditValue;
}
