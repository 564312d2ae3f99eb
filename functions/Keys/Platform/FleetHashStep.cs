using System.Collections.Immutable;
using PracticPro.Vault;

namespace PracticPro.Keys.Platform;

/// <summary>
/// What is to be done next when the fleet hash key is changed. Decided by what is stored alone, so that whoever comes next,
/// after a crash or beside another, goes on where it stands.
/// <code>
/// one ──Begin──▶ two ──UsedFrom──▶ both are claimed under ──Enter, LetGo──▶ ──LetGoFrom──▶ newest alone ──LetGoOf, Retire──▶ one
/// </code>
/// </summary>
internal abstract record FleetHashStep
{
    private FleetHashStep()
    {
    }

    public static FleetHashStep Next(ImmutableArray<FleetHashGeneration> generations, DateTimeOffset now)
    {
        var (oldest, newest) = (generations[0], generations[^1]);
        return generations.Length == 1 ? new Rest(newest)
            : now < newest.UsedFrom ? new Wait(newest.UsedFrom)
            : oldest.LetGoFrom is not { } letGoFrom ? new Enter(oldest.Number)
            : now < letGoFrom ? new Wait(letGoFrom)
            : new Retire(oldest.Number);
    }

    /// <summary>There is one generation: nothing is under way.</summary>
    public sealed record Rest(FleetHashGeneration Only) : FleetHashStep;

    /// <summary>Every process is given time to hear of what was decided.</summary>
    public sealed record Wait(DateTimeOffset Until) : FleetHashStep;

    /// <summary>Everybody is entered under the newest as well; then the oldest is claimed under no more.</summary>
    public sealed record Enter(int Oldest) : FleetHashStep;

    /// <summary>Everybody is taken out from under the oldest; then it is read no more.</summary>
    public sealed record Retire(int Oldest) : FleetHashStep;
}
