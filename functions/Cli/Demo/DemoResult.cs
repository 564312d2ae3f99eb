using System.Text.Json;

namespace PracticPro.Cli.Demo;

/// <summary>The demo's last line. Its shape is read by checks: names and order stay.</summary>
/// <param name="Messages">Messages our records and the mailbox agree on.</param>
/// <param name="Sent">Approved mails that left exactly once.</param>
/// <param name="SentTwice">Mails that left more than once, or without anybody's approval.</param>
/// <param name="Lost">Messages and other items on one side only or told differently, and approved mails that never left.</param>
/// <param name="Mode">How the program ran: <c>standalone</c>, <c>functions</c>, <c>azure</c> or <c>functions-azure</c>.</param>
/// <param name="Events">Events our records and Google's calendar agree on.</param>
/// <param name="Customers">Customers our records and the books agree on; invoices and payments likewise.</param>
/// <param name="OutlookMessages">Letters our records and the Outlook mailbox agree on.</param>
/// <param name="Notified">Providers whose notification of a change reached the program.</param>
/// <param name="OutlookEvents">Appointments our records and the Outlook calendar agree on, each occurrence of a series one.</param>
internal sealed record DemoResult(
    int Messages,
    int Drafts,
    int Approved,
    int Rejected,
    int Sent,
    int SentTwice,
    int Lost,
    long AuditLeaves,
    bool AuditVerified,
    double Seconds,
    string Mode,
    int Events,
    int Customers,
    int Invoices,
    int Payments,
    int OutlookMessages,
    int Notified,
    int OutlookEvents)
{
    /// <summary>Google Calendar, QuickBooks and Outlook: something is changed at each.</summary>
    private const int NotifyingProviders = 3;

    private static readonly JsonSerializerOptions OneLine = new(JsonSerializerDefaults.Web);

    /// <summary>Everything the demo shows is true, on enough mail.</summary>
    public bool Holds(int atLeast) =>
        Messages >= atLeast
        && Drafts > 0 && Approved > 0 && Rejected > 0
        && Sent == Approved
        && Events > 0 && Customers > 0 && Invoices > 0 && Payments > 0 && OutlookMessages > 0 && OutlookEvents > 0
        && Notified == NotifyingProviders
        && SentTwice == 0 && Lost == 0
        && AuditLeaves > 0 && AuditVerified;

    public string ToJson() => JsonSerializer.Serialize(this, OneLine);
}
