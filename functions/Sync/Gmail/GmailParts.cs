using System.Collections.Immutable;
using System.Text.Json.Serialization;
using PracticPro.Sync.Mailbox;

namespace PracticPro.Sync.Gmail;

/// <summary>
/// How a message is put together. It is asked for with a mask that lets sizes through and no data: Gmail itself leaves the
/// content out, at whatever depth (SYNC-2). Source: Gmail API v1, users.messages, MessagePart; "Partial response".
/// </summary>
internal static class GmailParts
{
    /// <summary>Parts nested deeper are not looked at: a forward in a forward in a forward.</summary>
    private const int Depth = 6;

    private const int Most = 100;
    private const int LongestName = 255;

    /// <summary><c>payload(partId,mimeType,filename,body/size,parts(partId,…))</c></summary>
    public static readonly string Fields = $"id,payload({PartFields(Depth)})";

    /// <summary>The parts that carry a file's name, outermost first.</summary>
    public static ImmutableArray<MailAttachment> AttachmentsOf(Message message) =>
        [.. Walk(message.Payload).Where(static part => !string.IsNullOrWhiteSpace(part.Name)).Take(Most).Select(Read)];

    /// <summary>Whether a message of that type can have attachments: then its parts are asked for.</summary>
    public static bool MayHold(string? mediaType) =>
        mediaType is null
        || !(mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
            || mediaType.Equals("multipart/alternative", StringComparison.OrdinalIgnoreCase));

    private static MailAttachment Read(Part part) => new(
        part.Place ?? "",
        Cut(HeaderText.Decode(part.Name)),
        Cut((part.MediaType ?? "").ToLowerInvariant()),
        Math.Max(0, part.Body?.Size ?? 0));

    private static string Cut(string text) => text.Length <= LongestName ? text : text[..LongestName];

    private static IEnumerable<Part> Walk(Part? part) =>
        part is null ? [] : (part.Parts ?? []).SelectMany(Walk).Prepend(part);

    private static string PartFields(int depth) =>
        depth == 0 ? "partId,mimeType,filename,body/size" : $"partId,mimeType,filename,body/size,parts({PartFields(depth - 1)})";

    public sealed record Message([property: JsonRequired] string Id, Part? Payload);

    public sealed record Part(
        [property: JsonPropertyName("partId")] string? Place,
        [property: JsonPropertyName("mimeType")] string? MediaType,
        [property: JsonPropertyName("filename")] string? Name,
        Content? Body,
        IReadOnlyList<Part>? Parts);

    public sealed record Content(int Size);
}
