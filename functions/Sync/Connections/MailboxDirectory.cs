using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Sync.Connections;

/// <summary>Whose mailbox an address is: asked by a push, which names nothing but the address.</summary>
internal static class MailboxDirectory
{
    private const string Directory = "gmail-mailbox";

    public static FleetKey KeyOf(PlatformKeys platform, EmailAddress mailbox) =>
        new(Directory, platform.FleetHash(Directory, mailbox.Normalised));
}
