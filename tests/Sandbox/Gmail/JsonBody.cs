using System.Buffers.Text;
using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Gmail;

/// <summary>Reads request bodies as strictly as Google does: a field it does not know is an error.</summary>
internal static class JsonBody
{
    /// <summary>35 MiB of message, the encoded mail counted (discovery: maxSize of send and drafts).</summary>
    public const int LargestMail = 36_700_160;

    private static readonly string[] MessageFields =
    [
        "raw", "threadId", "id", "labelIds", "snippet", "historyId", "internalDate", "payload", "sizeEstimate",
    ];

    public static GmailError? Unknown(JsonObject body, params string[] known)
    {
        string? stranger = body.Select(member => member.Key).FirstOrDefault(name => !known.Contains(name));
        return stranger is null
            ? null
            : GmailError.BadRequest($"Invalid JSON payload received. Unknown name \"{stranger}\": Cannot find field.");
    }

    public static string? Text(JsonObject body, string name) =>
        body[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    public static IReadOnlyList<string> Texts(JsonObject body, string name) =>
        body[name] is JsonArray array ? [.. array.OfType<JsonValue>().Select(item => item.ToString())] : [];

    /// <summary>
    /// The mail and the thread of a Message resource. Raw is needed; everything else Gmail fills itself. A thread that
    /// is not in the mailbox is an error; one that merely does not fit is not, and is decided later.
    /// </summary>
    public static (byte[] Raw, ThreadId? Thread, GmailError? Error) Mail(Mailbox mailbox, JsonNode? message)
    {
        if (message is not JsonObject body)
        {
            return ([], null, GmailError.Invalid("Missing message"));
        }

        (byte[] raw, GmailError? error) = Raw(body);
        string? named = Text(body, "threadId");
        ThreadId? thread = ThreadId.Parse(named);
        bool isHere = thread is ThreadId known && mailbox.Threads.ContainsKey(known);
        error ??= named is not null && !isHere ? GmailError.NotFound() : null;
        return (raw, thread, error);
    }

    private static (byte[] Raw, GmailError? Error) Raw(JsonObject body)
    {
        if (Unknown(body, MessageFields) is GmailError stranger)
        {
            return ([], stranger);
        }

        ReadOnlySpan<char> encoded = Text(body, "raw").AsSpan().TrimEnd('=');
        if (encoded.IsEmpty)
        {
            return ([], GmailError.Invalid(
                "'raw' RFC822 payload message string or uploading message via /upload/* URL required"));
        }

        if (!Base64Url.IsValid(encoded))
        {
            return ([], GmailError.Invalid("Invalid value at 'message.raw' (TYPE_BYTES), Base64 decoding failed"));
        }

        byte[] raw = Base64Url.DecodeFromChars(encoded);
        return raw.Length > LargestMail ? ([], GmailError.TooLarge()) : (raw, null);
    }
}
