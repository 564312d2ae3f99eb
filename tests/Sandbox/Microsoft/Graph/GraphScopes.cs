using PracticPro.Sandbox.Microsoft.Identity;

namespace PracticPro.Sandbox.Microsoft.Graph;

/// <summary>
/// Which scopes open which methods; one of each list is enough. Mail.ReadBasic opens lists and envelopes, never a body.
/// </summary>
internal static class GraphScopes
{
    public static readonly string[] User = [MicrosoftScopes.ReadUser, MicrosoftScopes.WriteUser];

    public static readonly string[] ReadMail =
        [MicrosoftScopes.ReadMailBasic, MicrosoftScopes.ReadMail, MicrosoftScopes.WriteMail];

    public static readonly string[] ReadBody = [MicrosoftScopes.ReadMail, MicrosoftScopes.WriteMail];

    public static readonly string[] WriteMail = [MicrosoftScopes.WriteMail];

    public static readonly string[] SendMail = [MicrosoftScopes.SendMail];

    public static readonly string[] ReadCalendar = [MicrosoftScopes.ReadCalendars, MicrosoftScopes.WriteCalendars];

    public static readonly string[] WriteCalendar = [MicrosoftScopes.WriteCalendars];

    public static readonly string[] ReadTasks = [MicrosoftScopes.ReadTasks, MicrosoftScopes.WriteTasks];

    public static readonly string[] WriteTasks = [MicrosoftScopes.WriteTasks];
}
