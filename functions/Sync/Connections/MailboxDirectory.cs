using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Sync.Connections;

/// <summary>Whose mailbox an address is: asked by a push, which names nothing but the address.</summary>
internal static class MailboxDirectory
{
    private const string Directory = "gmail-mailbox";

    public static FleetKey KeyOf(PlatformKeys platform, EmailAddress mailbox) =>
        KeyOf(platform.FleetHash(Directory, mailbox.Normalised));

    /// <summary>The same key by the hash that is in it.</summary>
    public static FleetKey KeyOf(string keyedHash) => new(Directory, keyedHash);
}
