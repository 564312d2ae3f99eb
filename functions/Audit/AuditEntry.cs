using System.Collections.Immutable;
using PracticPro.Audit.Verify;
using PracticPro.Kernel;

namespace PracticPro.Audit;

/// <summary>A thing an act was done to, by id. Never by name, address or any other word of a person's.</summary>
/// <param name="Kind">Lower-case words with hyphens: <c>approval</c>, <c>connection</c>.</param>
/// <param name="Reference">Our own id, or a provider's: ASCII letters, digits and <c>-_.:=</c>, at most 200.</param>
internal readonly record struct AuditSubject(string Kind, string Reference)
{
    public static AuditSubject Of<TId>(string kind, TId id)
        where TId : struct, IId<TId> => new(kind, id.Text);
}

/// <summary>
/// What is to be written down: who did what, to what, and the personal values that belong to it. The time is not in
/// it: the log's own clock says when. Safe to print: it shows no value.
/// </summary>
internal sealed record AuditEntry(Actor Actor, AuditAct Act)
{
    /// <summary>Each kind at most once.</summary>
    public ImmutableArray<AuditSubject> Subjects { get; init; } = [];

    /// <summary>How many, where the act is about many: <c>messages</c> → 50. Each name at most once, 0 or more.</summary>
    public ImmutableArray<Named<long>> Counts { get; init; } = [];

    /// <summary>Personal values by name. They go into a document of their own; the leaf only commits to them.</summary>
    public ImmutableArray<Named<string>> Values { get; init; } = [];

    /// <summary>
    /// Whose values these are, so that they can be found again when that one asks to be forgotten. Null: they can be
    /// erased by the leaf's id only.
    /// </summary>
    public AuditSubject? About { get; init; }

    public AuditEntry On(string kind, string reference) => this with { Subjects = Subjects.Add(new AuditSubject(kind, reference)) };

    public AuditEntry Counting(string name, long count) => this with { Counts = Counts.Add(new Named<long>(name, count)) };

    public AuditEntry With(string name, string personalValue) =>
        this with { Values = Values.Add(new Named<string>(name, personalValue)) };

    public override string ToString() => $"{Act} by {Actor.Label}";
}
