using PracticPro.Kernel;

namespace PracticPro.Vault;

/// <summary>What customers were told about encryption, as far as this room keeps it.</summary>
internal static class VaultPromises
{
    public static readonly Promise KeysPerTenant = new(
        "ISO-1",
        "Every record is sealed with its own tenant's key, bound to its place: one that strays opens nowhere else.",
        LegalSource.Gdpr32,
        typeof(SealedRecords));

    public static readonly Promise SealedAtRest = new(
        "ENC-1",
        "Records are sealed with AES-256-GCM in the application: a stolen database or backup is ciphertext.",
        LegalSource.Gdpr32,
        typeof(SealedFormat));
}
