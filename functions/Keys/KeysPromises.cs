using PracticPro.Keys.Destruction;
using PracticPro.Keys.Rotation;
using PracticPro.Kernel;

namespace PracticPro.Keys;

/// <summary>What customers were told about keys, as far as this room keeps it; leases have a page of their own.</summary>
internal static class KeysPromises
{
    public static readonly Promise Rotation = new(
        "ENC-2",
        "A key-encryption key of each tenant wraps its data keys; all of them rotate while the practice works, and no read fails meanwhile.",
        LegalSource.Gdpr32,
        typeof(RotateKeys));

    public static readonly Promise Destruction = new(
        "ENC-4",
        "Destroying a practice's keys makes every copy of its records unreadable, backups included, and leaves a certificate that says from when.",
        LegalSource.Gdpr32,
        typeof(DestroyKeys));
}
