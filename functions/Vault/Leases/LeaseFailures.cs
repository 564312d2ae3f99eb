using PracticPro.Kernel;

namespace PracticPro.Vault.Leases;

/// <summary>Every expected way in which a lease is not made, or does not open a thing. None carries an id or content.</summary>
internal static class LeaseFailures
{
    /// <summary>Revoked, run out and cleared away, or never granted: nobody learns which.</summary>
    internal sealed record None()
        : Failure.NotFound("key-lease-none", "There is no such lease. It may have been revoked.");

    internal sealed record NotYet()
        : Failure.Refused("key-lease-not-yet", "This lease has not begun.");

    internal sealed record Over()
        : Failure.Refused("key-lease-over", "This lease has run out. Ask the owner for a new one.");

    internal sealed record OfAnotherSession()
        : Failure.Refused("key-lease-of-another-session", "This lease was granted to another session.");

    /// <summary>Terms or wrap are not those that were made.</summary>
    internal sealed record NotAuthentic()
        : Failure.Refused("key-lease-not-authentic", "This lease was changed, or belongs to another place.");

    /// <summary>Another purpose, another record, a later version of it, or a generation the lease was not granted for.</summary>
    internal sealed record OutOfScope()
        : Failure.Refused("key-lease-out-of-scope", "This lease does not open that.");

    /// <summary>The generation is not among the tenant's keys any more: a lease does not keep one alive.</summary>
    internal sealed record GenerationRetired()
        : Failure.Refused("key-lease-generation-retired", "The key this lease was granted for is retired. Ask for a new lease.");

    internal sealed record BadSessionKey()
        : Failure.Invalid("key-lease-bad-session-key", "The session's key is not a point of P-256.");

    internal sealed record BadTimes()
        : Failure.Invalid("key-lease-bad-times", "A lease ends after it begins, in the future, and lasts 24 hours at most.");

    /// <summary>STAFF-1: all clinical notes are leased by their own name or not at all.</summary>
    internal sealed record NotesNotNamed()
        : Failure.Refused("key-lease-notes-not-named", "Clinical notes are not leased as a whole unless that is what is asked for by name.");

    /// <summary>CON-2: tokens are opened at the way out and nowhere else.</summary>
    internal sealed record TokensNeverLeased()
        : Failure.Refused("key-lease-tokens", "Tokens of connected accounts are never leased.");

    internal sealed record NothingChosen()
        : Failure.Invalid("key-lease-nothing-chosen", "A lease opens at least one thing, and each once.");

    internal sealed record TooMuch()
        : Failure.TooLarge("key-lease-too-much", "This is more than one lease can hold. Grant several.");

    /// <summary>A chosen record is not there, or does not open in its place.</summary>
    internal sealed record ChosenNotThere()
        : Failure.Conflict("key-lease-chosen-not-there", "A chosen record is not there, or does not open. Choose again.");
}
