using System.Buffers.Text;

namespace PracticPro.Egress;

/// <summary>
/// Microsoft as a processor: Outlook mail, calendar and tasks through Graph, and the grants for them. No operation reads
/// the body of a mail.
/// </summary>
internal static class MicrosoftServices
{
    private const string Root = "/v1.0/me";

    public static readonly ProviderOperation Me = ProviderOperation.Read("graph-me", Root);
    public static readonly ProviderOperation ListFolders = ProviderOperation.Read("graph-folders-delta", Root + "/mailFolders/delta");
    public static readonly ProviderOperation GetFolder = ProviderOperation.Read("graph-folders-get", Root + "/mailFolders/{0}");
    public static readonly ProviderOperation ListMessages = ProviderOperation.Read("graph-messages-delta", Root + "/mailFolders/{0}/messages/delta");
    public static readonly ProviderOperation GetMessage = ProviderOperation.Read("graph-messages-get", Root + "/messages/{0}");
    public static readonly ProviderOperation ListSent = ProviderOperation.Read("graph-sent-list", Root + "/mailFolders/sentitems/messages");
    public static readonly ProviderOperation ListEvents = ProviderOperation.Read("graph-calendar-delta", Root + "/calendarView/delta");
    public static readonly ProviderOperation ViewEvents = ProviderOperation.Read("graph-calendar-view", Root + "/calendarView");
    public static readonly ProviderOperation GetEvent = ProviderOperation.Read("graph-events-get", Root + "/events/{0}");
    public static readonly ProviderOperation ListTaskLists = ProviderOperation.Read("graph-task-lists", Root + "/todo/lists");
    public static readonly ProviderOperation ListTasks = ProviderOperation.Read("graph-tasks-list", Root + "/todo/lists/{0}/tasks");

    public static readonly ProviderOperation Subscribe = ProviderOperation.Watch("graph-subscribe", "/v1.0/subscriptions");

    public static readonly ProviderOperation Renew =
        ProviderOperation.Watch("graph-subscription-renew", HttpMethod.Patch, "/v1.0/subscriptions/{0}");

    public static readonly ProviderOperation Unsubscribe =
        ProviderOperation.Watch("graph-subscription-end", HttpMethod.Delete, "/v1.0/subscriptions/{0}");

    /// <summary>A letter as its bytes, base64; the permit is for the bytes themselves.</summary>
    public static readonly ProviderOperation SendMail =
        ProviderOperation.Write("graph-send-mail", HttpMethod.Post, Root + "/sendMail", Letter);

    public static readonly ProviderOperation CreateEvent =
        ProviderOperation.WriteWhole("graph-events-create", HttpMethod.Post, Root + "/events");

    public static readonly ProviderOperation ChangeEvent =
        ProviderOperation.WriteWhole("graph-events-change", HttpMethod.Patch, Root + "/events/{0}");

    public static readonly ProviderOperation DeleteEvent =
        ProviderOperation.WriteWhole("graph-events-delete", HttpMethod.Delete, Root + "/events/{0}");

    public static readonly ProviderOperation CreateTask =
        ProviderOperation.WriteWhole("graph-tasks-create", HttpMethod.Post, Root + "/todo/lists/{0}/tasks");

    public static readonly ProviderOperation Exchange =
        ProviderOperation.Grant("microsoft-token", "/common/oauth2/v2.0/token");

    public static readonly Processor Graph = new(
        "microsoft-graph",
        new Uri("https://graph.microsoft.com"),
        "Reads the practice's mail envelopes and appointments; sends, makes and changes what a person approved.",
        [
            Me, ListFolders, GetFolder, ListMessages, GetMessage, ListSent, ListEvents, ViewEvents, GetEvent, ListTaskLists,
            ListTasks, Subscribe, Renew, Unsubscribe, SendMail, CreateEvent, ChangeEvent, DeleteEvent, CreateTask,
        ]);

    /// <summary>The page a browser is sent to, and the exchange behind it.</summary>
    public static readonly Processor Identity = new(
        "microsoft-identity",
        new Uri("https://login.microsoftonline.com"),
        "Gives access to an Outlook account its owner connected.",
        [Exchange]);

    // Body of sendMail as text/plain: the standard base64 of the MIME bytes, and nothing else.
    private static ReadOnlyMemory<byte>? Letter(ReadOnlyMemory<byte> body)
    {
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(body.Length)];
        var status = Base64.DecodeFromUtf8(body.Span, bytes, out var read, out var written);

        // Said in full: a bare null would become no bytes instead of none to send.
        return status == System.Buffers.OperationStatus.Done && read == body.Length && written > 0
            ? (ReadOnlyMemory<byte>?)bytes.AsMemory(0, written)
            : null;
    }
}
