namespace PracticPro.Sandbox.Gmail;

/// <summary>
/// Which scope opens which method, from the discovery document. There is no scope for drafts alone: what may write a
/// draft may send it.
/// </summary>
internal static class GmailScopes
{
    private const string Prefix = "https://www.googleapis.com/auth/";

    public const string Full = "https://mail.google.com/";
    public const string Readonly = Prefix + "gmail.readonly";
    public const string Metadata = Prefix + "gmail.metadata";
    public const string Compose = Prefix + "gmail.compose";
    public const string Send = Prefix + "gmail.send";
    public const string Modify = Prefix + "gmail.modify";
    public const string Insert = Prefix + "gmail.insert";
    public const string LabelsOnly = Prefix + "gmail.labels";

    public const string SettingsBasic = Prefix + "gmail.settings.basic";

    public static readonly string[] Profile = [Full, Metadata, Compose, Modify, Readonly];
    public static readonly string[] ReadHeaders = [Full, Metadata, Modify, Readonly];
    public static readonly string[] Read = [Full, Modify, Readonly];
    public static readonly string[] ReadLabels = [Full, LabelsOnly, Metadata, Modify, Readonly];
    public static readonly string[] ReadSettings = [Full, Modify, Readonly, SettingsBasic];
    public static readonly string[] ReadDrafts = [Full, Compose, Modify, Readonly];
    public static readonly string[] WriteDrafts = [Full, Compose, Modify];
    public static readonly string[] SendMail = [Full, Compose, Modify, Send];
    public static readonly string[] Change = [Full, Modify];
    public static readonly string[] Everything = [Full];

    public static readonly string[] All =
        [Full, Readonly, Metadata, Compose, Send, Modify, Insert, LabelsOnly, SettingsBasic];
}
