using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PracticPro.Sync.Streams;

namespace PracticPro.Sync.QuickBooks;

/// <summary>What one event of a notification says: where something may be new. What is new is asked of the books.</summary>
/// <param name="Event">A hash that is equal for repeats of the event and for nothing else.</param>
internal sealed record BookNotice(Realm Realm, StreamName Stream, string Event);

/// <summary>
/// Reads notifications in both forms: an array of CloudEvents, which may mix companies, and the older
/// <c>eventNotifications</c>, whose events have no id. Pure. Events of entities that are not mirrored are passed over; a form
/// that is neither is null. Source: Intuit, "Upcoming change to webhooks payload structure" (2025-11-12); "Webhooks".
/// </summary>
internal static class BookNotices
{
    public static ImmutableArray<BookNotice>? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement switch
            {
                { ValueKind: JsonValueKind.Array } events => [.. events.EnumerateArray().Select(CloudEvent).OfType<BookNotice>()],
                { ValueKind: JsonValueKind.Object } older when older.TryGetProperty("eventNotifications", out var companies)
                    && companies.ValueKind == JsonValueKind.Array => [.. companies.EnumerateArray().SelectMany(OlderEvents)],
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>One name for several events, equal for equal ones in any order.</summary>
    public static string Together(IEnumerable<string> events) => HashOf([.. events.Order(StringComparer.Ordinal)]);

    /// <summary><c>type</c> is <c>qbo.invoice.updated.v1</c>.</summary>
    private static BookNotice? CloudEvent(JsonElement told) =>
        Realm.TryParse(BookReader.Text(told, "intuitaccountid"), out var realm)
        && BookReader.Text(told, "id") is { Length: > 0 } key
        && BookReader.Text(told, "type")?.Split('.') is ["qbo", var entity, ..]
        && StreamOf(entity) is { } stream
            ? new BookNotice(realm, stream, HashOf(realm.Text, key))
            : null;

    private static IEnumerable<BookNotice> OlderEvents(JsonElement company)
    {
        if (!Realm.TryParse(BookReader.Text(company, "realmId"), out var realm)
            || !company.TryGetProperty("dataChangeEvent", out var change)
            || change.ValueKind != JsonValueKind.Object
            || !change.TryGetProperty("entities", out var entities)
            || entities.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var entity in entities.EnumerateArray())
        {
            if (BookReader.Text(entity, "name") is { } name && StreamOf(name) is { } stream)
            {
                yield return new BookNotice(realm, stream, HashOf(
                    realm.Text,
                    name,
                    BookReader.Text(entity, "id") ?? "",
                    BookReader.Text(entity, "operation") ?? "",
                    BookReader.Text(entity, "lastUpdated") ?? ""));
            }
        }
    }

    private static StreamName? StreamOf(string entity) =>
        BookSort.All.FirstOrDefault(sort => sort.Entity.Equals(entity, StringComparison.OrdinalIgnoreCase))?.Stream;

    private static string HashOf(params string[] parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))).AsSpan(0, 16));
}
