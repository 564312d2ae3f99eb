using PracticPro.Kernel;

namespace PracticPro.Keys;

/// <summary>Every expected way in which a use case on keys fails, beside those of the Vault.</summary>
internal static class KeysFailures
{
    internal sealed record NoReason()
        : Failure.Invalid("key-lease-no-reason", "A lease needs a reason in words, of at most 500 characters.", "reason");

    internal sealed record NoSuchRecord()
        : Failure.NotFound("record-not-found", "There is no such record.");

    /// <summary>The leaf could not be written, so nothing was opened.</summary>
    internal sealed record NotWitnessed()
        : Failure.Unavailable("key-lease-not-witnessed", "The audit log does not take this now, so nothing was opened. Try again.");

    internal sealed record RotationUnderWay() : Failure.Conflict(
        "rotation-under-way",
        "The keys are being rotated already. Wait until it is finished; only compromised keys are rotated at once.");
}
