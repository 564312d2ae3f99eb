using PracticPro.Kernel;

namespace PracticPro.Vault.Leases;

/// <summary>
/// Who is told before anything is opened under a lease. This room knows no audit log; whoever opens brings a witness that
/// writes to it. Asked for every single open, also of the same value again.
/// </summary>
internal interface IOpeningWitness
{
    /// <summary>
    /// Puts on record that this place is about to be opened under this lease. When this fails or throws, nothing is
    /// opened. What is on record may still fail to open after it.
    /// </summary>
    ValueTask<Outcome<Done>> WitnessAsync(KeyLeaseTerms lease, Purpose purpose, SealContext place, CancellationToken cancellation);
}
