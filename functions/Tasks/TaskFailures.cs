using PracticPro.Kernel;

namespace PracticPro.Tasks;

/// <summary>Every expected way in which working on the list can fail.</summary>
internal static class TaskFailures
{
    public sealed record NoSuchTask()
        : Failure.NotFound("task-not-found", "There is no such task. Open the list to see what there is.");

    public sealed record NoSuchState() : Failure.Invalid("bad-state", "There is no such state. Ask for open or done.", "state");

    public sealed record AlreadySo()
        : Failure.Conflict("task-already-so", "Somebody was quicker, or it stands so already. Reload to see how it stands.");
}
