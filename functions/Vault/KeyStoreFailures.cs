using PracticPro.Kernel;

namespace PracticPro.Vault;

/// <summary>
/// Why a key store that is reached over the network cannot be used now, one case for each thing to be done about it. The
/// phrases are fixed: nothing the store answered is repeated in them. Codes are words an alert may be set on.
/// </summary>
internal static class KeyStoreFailures
{
    /// <summary>No token could be got for the program's own identity.</summary>
    internal sealed record NoToken() : Failure.Unavailable(
        "key-store-no-token",
        "The program got no token for the key store. Check that its managed identity exists and is assigned to it.");

    /// <summary>401 with a fresh token.</summary>
    internal sealed record NotSignedIn() : Failure.Unavailable(
        "key-store-sign-in-refused",
        "The key store does not accept the program's sign-in. Check that identity and vault belong to one directory.");

    /// <summary>403 by a role assignment or an access policy.</summary>
    internal sealed record NotAllowed() : Failure.Unavailable(
        "key-store-role-missing",
        "The program may not do this in the key store. Give its identity the role that the deployment names; "
        + "it takes effect within minutes.");

    /// <summary>403 by the vault's network rules.</summary>
    internal sealed record BehindFirewall() : Failure.Unavailable(
        "key-store-firewall",
        "The key store's network rules keep the program out. Add its network or private endpoint to them.");

    /// <summary>409 while something else is done to the same key.</summary>
    internal sealed record KeyInTransit() : Failure.Unavailable(
        "key-store-key-in-transit",
        "The key store is still deleting, recovering or changing this key. Try again in a minute.",
        TimeSpan.FromMinutes(1));

    /// <summary>429, and the wait would be longer than a caller waits.</summary>
    internal sealed record Throttled(TimeSpan Wait) : Failure.Unavailable(
        "key-store-throttled", "The key store is asked too often at present. Try again a little later.", Wait);

    /// <summary>5xx, also when asked again.</summary>
    internal sealed record Failing(TimeSpan? Wait) : Failure.Unavailable(
        "key-store-failing",
        "The key store is out of order at present. Nothing is lost; try again in a moment.",
        Wait ?? TimeSpan.FromSeconds(10));

    /// <summary>No answer in time.</summary>
    internal sealed record Silent() : Failure.Unavailable(
        "key-store-silent",
        "The key store does not answer in time. Nothing is lost; try again in a moment.",
        TimeSpan.FromSeconds(10));

    /// <summary>No connection, or it broke.</summary>
    internal sealed record Unreachable() : Failure.Unavailable(
        "key-store-unreachable",
        "The key store cannot be reached. Nothing is lost; try again in a moment.",
        TimeSpan.FromSeconds(10));

    /// <summary>An answer or a challenge that a key store of this kind does not give.</summary>
    internal sealed record NotUnderstood() : Failure.Unavailable(
        "key-store-not-understood",
        "What answers in the key store's place is not understood. Check the vault's address in the settings.");
}

/// <summary>
/// The key store cannot be used now. Whatever was asked may or may not have been done where it makes something; asking
/// again finds out. Carries one of <see cref="KeyStoreFailures"/> and nothing of what the store said.
/// </summary>
internal sealed class KeyStoreUnavailableException(Failure.Unavailable failure) : Exception($"{failure.Code}: {failure.Message}")
{
    public Failure.Unavailable Failure { get; } = failure;
}
