using PracticPro.Kernel;

namespace PracticPro.Keys;

/// <summary>How this room's capabilities fail.</summary>
internal static class KeysFailures
{
    internal sealed record RotationUnderWay() : Failure.Conflict(
        "rotation-under-way",
        "The keys are being rotated already. Wait until it is finished; only compromised keys are rotated at once.");
}
