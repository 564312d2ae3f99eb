using PracticPro.Kernel;

namespace PracticPro.Access;

/// <summary>Every expected way in which somebody is not let in, or not let do a thing.</summary>
internal static class AccessFailures
{
    /// <summary>The same for an unknown name and a wrong password: who has an account is nobody's business.</summary>
    public sealed record WrongNameOrPassword()
        : Failure.Unauthenticated("wrong-name-or-password", "Name or password is not right. Check both and try again.");

    /// <summary>AUTH-5: too many failed tries for this name or from this address.</summary>
    public sealed record TooManyTries(TimeSpan Wait)
        : Failure.TooMany("too-many-tries", "There were too many failed tries. Wait a little, then try again.", Wait);

    public sealed record NotSignedIn()
        : Failure.Unauthenticated("not-signed-in", "Nobody is signed in here, or the session has ended. Sign in.");

    public sealed record NotAllowed()
        : Failure.Refused("not-allowed", "Your role does not allow this. Ask an owner of the practice.");

    /// <summary>AUTH-6: the request did not come from a page of ours.</summary>
    public sealed record ForgedRequest()
        : Failure.Refused("forged-request", "The request lacks this session's proof. Reload the page and try again.");

    public sealed record SignInTaken()
        : Failure.Conflict("sign-in-taken", "This sign-in name is taken. Choose another.");

    public sealed record WeakPassword()
        : Failure.Invalid("weak-password", "The password has fewer than twelve characters. Choose a longer one.", "password");

    public sealed record BadSignInName()
        : Failure.Invalid("bad-sign-in-name", "The sign-in name is not a mail address.", "name");
}
