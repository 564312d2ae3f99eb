using System.Collections.Immutable;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Sync;

/// <summary>Every expected way in which keeping in step can fail.</summary>
internal static class SyncFailures
{
    public sealed record NoSuchConnection()
        : Failure.NotFound("connection-not-found", "There is no such connection. Open the list of connections to see what there is.");

    public sealed record NoSuchProvider()
        : Failure.NotFound("provider-not-found", "There is no such provider. Open the connections to see what can be connected.");

    public sealed record NotSetUp(string Title, string Settings)
        : Failure.Unavailable("provider-not-set-up", $"Connecting {Title} is not set up on this server. Ask whoever runs it to set {Settings}.");

    public sealed record ConnectAttemptUnknown()
        : Failure.Invalid("connect-attempt-unknown", "This connect attempt is unknown, used or older than ten minutes. Start again.");

    public sealed record ConsentDenied()
        : Failure.Refused("consent-denied", "The account's owner did not consent. Nothing was connected.");

    /// <summary>
    /// CON-1: the grant must be exactly what was asked for. Neither missing nor extra: it is right but for access that lasts.
    /// </summary>
    public sealed record ScopesDiffer(Provider Provider, ImmutableArray<string> Missing, ImmutableArray<string> Extra)
        : Failure.Refused("scopes-differ", "The grant does not hold exactly the permissions asked for. Connect again and leave every box ticked.");

    public sealed record MailboxTaken()
        : Failure.Conflict("mailbox-taken", "This account is already connected to another practice. Disconnect it there first.");

    public sealed record StillDisconnecting()
        : Failure.Conflict("still-disconnecting", "The last disconnect of this account is not finished. Try again in a minute.");

    /// <summary>The provider will never accept this grant again; the owner has to connect anew.</summary>
    public sealed record GrantDead()
        : Failure.Refused("grant-dead", "Access to the account was taken back or has run out. Connect it again; nothing is lost.");

    /// <summary>
    /// The same, after a renewal of which the answer may have been lost on its way: a provider that gives a new refresh token
    /// each time then knows one that we never got to store.
    /// </summary>
    public sealed record RenewalCutOff()
        : Failure.Refused("renewal-cut-off", "A renewal of the access was cut off on its way. Connect the account again; nothing is lost.");

    /// <summary>Not the grant but the program is refused there. No connection is lost by it.</summary>
    public sealed record ClientRefused()
        : Failure.Unavailable("provider-refuses-program", "The provider does not accept this program's own sign-in there. Whoever runs the server has to renew it; your connections stay.");

    public sealed record NotConnected()
        : Failure.Conflict("connection-not-active", "This connection is not active. Connect it again.");

    public sealed record NoSuchWayOut()
        : Failure.Invalid("connection-cannot-do-that", "Nothing of that kind can be done by this connection. Choose another.", "connection");

    /// <summary>Gmail answers 404 to a history id that is too old: everything is read anew.</summary>
    public sealed record CursorExpired()
        : Failure.Conflict("cursor-expired", "The provider no longer remembers that far back. The mailbox is read anew.");

    public sealed record Gone()
        : Failure.NotFound("gone-at-provider", "It is no longer there.");

    public sealed record AccessExpired()
        : Failure.Unauthenticated("access-expired", "The access token ran out and is being renewed.");

    public sealed record ScopeMissing()
        : Failure.Refused("scope-missing", "The grant lacks a permission this needs. Connect again.");

    public sealed record RateLimited(TimeSpan Wait)
        : Failure.TooMany("provider-rate-limited", "The provider asks for a pause. It goes on by itself.", Wait);

    public sealed record ProviderDown()
        : Failure.Unavailable("provider-down", "The provider has trouble. It is tried again by itself.");

    public sealed record ProviderRefused()
        : Failure.Invalid("provider-refused", "The provider refused the request as it is.");

    public sealed record AnswerMalformed()
        : Failure.Unavailable("provider-answer-malformed", "The provider's answer could not be read. It is tried again by itself.");

    public sealed record PushUnproven()
        : Failure.Unauthenticated("push-unproven", "The notification is not signed as agreed.");

    public sealed record PushMalformed()
        : Failure.Invalid("push-malformed", "The notification could not be read.");

    public sealed record NoticeForNobody()
        : Failure.NotFound("notice-for-nobody", "The notification names no practice that is known here.");
}
