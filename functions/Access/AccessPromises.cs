using PracticPro.Kernel;

namespace PracticPro.Access;

/// <summary>What customers were told about signing in, as far as this room keeps it.</summary>
internal static class AccessPromises
{
    public static readonly Promise SessionsEndOnTheServer = new(
        "AUTH-4",
        "Session cookies are Secure and HttpOnly, and signing out ends the session on the server.",
        LegalSource.Gdpr32,
        typeof(Sessions),
        Limit: Session.Lifetime);

    public static readonly Promise SignInsWatched = new(
        "AUTH-5",
        "Sign-ins and failures are limited and logged.",
        LegalSource.Gdpr32,
        typeof(SignIn));

    public static readonly Promise RequestsProven = new(
        "AUTH-6",
        "Every state-changing request that rides on a cookie carries its session's proof.",
        LegalSource.Gdpr32,
        typeof(Session));
}
