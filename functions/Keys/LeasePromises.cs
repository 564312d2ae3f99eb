using PracticPro.Kernel;
using PracticPro.Vault.Leases;

namespace PracticPro.Keys;

/// <summary>What customers were told about access by our own people, as far as this room keeps it.</summary>
internal static class LeasePromises
{
    public static readonly Promise StaffHoldNoKey = new(
        "STAFF-1",
        "Our own people hold no key to content: without a lease of the owner's there is nothing in a staff session that decrypts.",
        LegalSource.SecurityPages,
        typeof(ReadUnderLease));

    public static readonly Promise AccessByLease = new(
        "STAFF-2",
        "Access for support is the owner's to grant: a stated scope for a stated time, revoked at once, every open on the log first.",
        LegalSource.SecurityPages,
        typeof(GrantLease),
        Limit: MakeKeyLease.Longest);
}
