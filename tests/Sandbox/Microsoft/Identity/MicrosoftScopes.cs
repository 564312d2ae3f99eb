namespace PracticPro.Sandbox.Microsoft.Identity;

/// <summary>
/// The scopes an authorisation may ask for. Names are compared without regard to case, with or without the address of
/// Graph in front. Mail.ReadWrite does not include sending: a grant that can draft and never send exists here.
/// </summary>
internal static class MicrosoftScopes
{
    public const string OpenId = "openid";
    public const string Offline = "offline_access";
    public const string ReadUser = "User.Read";
    public const string WriteUser = "User.ReadWrite";
    public const string ReadMail = "Mail.Read";
    public const string ReadMailBasic = "Mail.ReadBasic";
    public const string WriteMail = "Mail.ReadWrite";
    public const string SendMail = "Mail.Send";
    public const string ReadCalendars = "Calendars.Read";
    public const string WriteCalendars = "Calendars.ReadWrite";
    public const string ReadTasks = "Tasks.Read";
    public const string WriteTasks = "Tasks.ReadWrite";

    public const string GraphPrefix = "https://graph.microsoft.com/";

    private static readonly string[] Identity = [OpenId, "profile", "email", Offline];

    private static readonly Dictionary<string, string> Known = Identity.Concat(
    [
        ReadUser, WriteUser, ReadMail, ReadMailBasic, WriteMail, SendMail, ReadCalendars, WriteCalendars, ReadTasks,
        WriteTasks, "MailboxSettings.Read",
    ]).ToDictionary(scope => scope, StringComparer.OrdinalIgnoreCase);

    /// <summary>Everything the sandbox knows.</summary>
    public static readonly string[] All = [.. Known.Values];

    /// <summary>The scopes in the order asked for, or null when one is unknown or there is none.</summary>
    public static IReadOnlyList<string>? Parse(string? scope)
    {
        string?[] scopes = [.. (scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Name).Distinct()];
        string[] known = [.. scopes.OfType<string>()];
        return scopes.Length > 0 && known.Length == scopes.Length ? known : null;
    }

    /// <summary>As a token answer lists them: offline_access is never among them.</summary>
    public static string Echo(IEnumerable<string> scopes, bool inFull) => string.Join(' ', scopes
        .Where(scope => scope != Offline)
        .Select(scope => inFull && !Identity.Contains(scope) ? GraphPrefix + scope : scope));

    private static string? Name(string scope) => Known.GetValueOrDefault(
        scope.StartsWith(GraphPrefix, StringComparison.OrdinalIgnoreCase) ? scope[GraphPrefix.Length..] : scope);
}
