using PracticPro.Sandbox.Calendar;
using PracticPro.Sandbox.Gmail;

namespace PracticPro.Sandbox.OAuth;

/// <summary>The scopes an authorisation may ask for. Short identity scopes are echoed by their long names.</summary>
internal static class GoogleScopes
{
    private const string Userinfo = "https://www.googleapis.com/auth/userinfo.";

    public const string OpenId = "openid";

    private static readonly HashSet<string> Known =
        [.. GmailScopes.All, .. CalendarScopes.All, OpenId, Userinfo + "email", Userinfo + "profile"];

    /// <summary>The scopes in the order asked for, or null when one is unknown or there is none.</summary>
    public static IReadOnlyList<string>? Parse(string? scope)
    {
        string[] scopes = [.. (scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Long).Distinct()];
        return scopes.Length > 0 && Array.TrueForAll(scopes, Known.Contains) ? scopes : null;
    }

    private static string Long(string scope) => scope is "email" or "profile" ? Userinfo + scope : scope;
}
