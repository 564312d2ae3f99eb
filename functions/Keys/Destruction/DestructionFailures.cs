using PracticPro.Kernel;

namespace PracticPro.Keys.Destruction;

/// <summary>Every expected way in which keys are not destroyed.</summary>
internal static class DestructionFailures
{
    /// <summary>The id is one of the platform's own, such as the one that holds the certificates.</summary>
    internal sealed record OfPlatform()
        : Failure.Refused("keys-of-platform", "These are the platform's own keys and no practice's. They are not destroyed so.");

    internal sealed record NoneRecorded()
        : Failure.NotFound("no-destruction", "No destruction of this practice's keys is on record.");

    internal sealed record NotSealedYet()
        : Failure.Conflict("no-certificate-yet", "There is no certificate yet: the destruction is still going on. Ask again in a minute.");
}
