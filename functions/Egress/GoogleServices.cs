using System.Buffers.Text;
using System.Text.Json;

namespace PracticPro.Egress;

/// <summary>Google as a processor: mail, sign-on grants, and the keys its push tokens are signed with.</summary>
internal static class GoogleServices
{
    public static readonly ProviderOperation Profile = ProviderOperation.Read("gmail-profile", "/gmail/v1/users/me/profile");
    public static readonly ProviderOperation ListMessages = ProviderOperation.Read("gmail-messages-list", "/gmail/v1/users/me/messages");
    public static readonly ProviderOperation GetMessage = ProviderOperation.Read("gmail-messages-get", "/gmail/v1/users/me/messages/{0}");
    public static readonly ProviderOperation ListParts = ProviderOperation.Read("gmail-messages-parts", "/gmail/v1/users/me/messages/{0}");
    public static readonly ProviderOperation ListLabels = ProviderOperation.Read("gmail-labels-list", "/gmail/v1/users/me/labels");
    public static readonly ProviderOperation ListSendAs = ProviderOperation.Read("gmail-send-as-list", "/gmail/v1/users/me/settings/sendAs");
    public static readonly ProviderOperation ListHistory = ProviderOperation.Read("gmail-history-list", "/gmail/v1/users/me/history");
    public static readonly ProviderOperation ListDrafts = ProviderOperation.Read("gmail-drafts-list", "/gmail/v1/users/me/drafts");
    public static readonly ProviderOperation GetDraft = ProviderOperation.Read("gmail-drafts-get", "/gmail/v1/users/me/drafts/{0}");
    public static readonly ProviderOperation Batch = ProviderOperation.Batch("gmail-batch", "/batch");
    public static readonly ProviderOperation Watch = ProviderOperation.Watch("gmail-watch", "/gmail/v1/users/me/watch");
    public static readonly ProviderOperation StopWatch = ProviderOperation.Watch("gmail-stop", "/gmail/v1/users/me/stop");

    public static readonly ProviderOperation CreateDraft =
        ProviderOperation.Write("gmail-drafts-create", HttpMethod.Post, "/gmail/v1/users/me/drafts", RawMessage);

    public static readonly ProviderOperation SendDraft =
        ProviderOperation.Write("gmail-drafts-send", HttpMethod.Post, "/gmail/v1/users/me/drafts/send", RawMessage);

    public static readonly ProviderOperation Exchange = ProviderOperation.Grant("google-token", "/token");
    public static readonly ProviderOperation Revoke = ProviderOperation.Grant("google-revoke", "/revoke");
    public static readonly ProviderOperation SigningKeys = ProviderOperation.Read("google-signing-keys", "/oauth2/v3/certs");

    public static readonly Processor Gmail = new(
        "google-gmail",
        new Uri("https://gmail.googleapis.com"),
        "Reads the practice's mail envelopes; stores and sends the replies a person approved.",
        [Profile, ListMessages, GetMessage, ListParts, ListLabels, ListSendAs, ListHistory, ListDrafts, GetDraft, Batch, Watch, StopWatch, CreateDraft, SendDraft]);

    public static readonly Processor Grants = new(
        "google-oauth",
        new Uri("https://oauth2.googleapis.com"),
        "Gives and takes back access to a mailbox its owner connected.",
        [Exchange, Revoke]);

    public static readonly Processor Keys = new(
        "google-keys",
        new Uri("https://www.googleapis.com"),
        "Publishes the keys that notifications are signed with. Nothing is sent there.",
        [SigningKeys]);

    /// <summary>The page a browser is sent to; the program itself never calls it, so it has no operations.</summary>
    public static readonly Processor Consent = new(
        "google-consent",
        new Uri("https://accounts.google.com"),
        "Asks the mailbox's owner for consent.",
        []);

    // Body of drafts.create and drafts.send: {"message":{"raw": base64url}, …}. A send without raw would let the
    // provider's own copy leave, which may have been edited there: it has no outgoing bytes, so the door refuses it.
    private static ReadOnlyMemory<byte>? RawMessage(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.TryGetProperty("message", out var message)
                && message.TryGetProperty("raw", out var raw)
                && raw.GetString() is { Length: > 0 } text
                    ? (ReadOnlyMemory<byte>?)Base64Url.DecodeFromChars(text)
                    : null;
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
