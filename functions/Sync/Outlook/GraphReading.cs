using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Kiota.Abstractions.Serialization;
using Microsoft.Kiota.Serialization.Json;
using PracticPro.Kernel;

namespace PracticPro.Sync.Outlook;

/// <summary>Reads what Graph answered into the models of Microsoft's own library. Pure.</summary>
internal static class GraphReading
{
    public static Outcome<T> Read<T>(ReadOnlyMemory<byte> body, ParsableFactory<T> factory)
        where T : IParsable
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return One(json.RootElement, factory) is { } value ? value : new SyncFailures.AnswerMalformed();
        }
        catch (Exception error) when (IsMalformed(error))
        {
            return new SyncFailures.AnswerMalformed();
        }
    }

    /// <summary>A page of a list or of a delta query.</summary>
    public static Outcome<GraphPage<T>> ReadPage<T>(ReadOnlyMemory<byte> body, ParsableFactory<T> factory)
        where T : IParsable
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var items = ImmutableArray.CreateBuilder<GraphItem<T>>();
            foreach (var element in json.RootElement.GetProperty("value").EnumerateArray())
            {
                var id = element.GetProperty("id").GetString();
                if (string.IsNullOrEmpty(id) || One(element, factory) is not { } value)
                {
                    return new SyncFailures.AnswerMalformed();
                }

                items.Add(new GraphItem<T>(id, element.TryGetProperty("@removed", out _), ETagOf(element), value));
            }

            return new GraphPage<T>(
                items.ToImmutable(), QueryOf(json.RootElement, "@odata.nextLink"), QueryOf(json.RootElement, "@odata.deltaLink"));
        }
        catch (Exception error) when (IsMalformed(error))
        {
            return new SyncFailures.AnswerMalformed();
        }
    }

    /// <summary>One thing with its id and version.</summary>
    public static Outcome<GraphItem<T>> ReadItem<T>(ReadOnlyMemory<byte> body, ParsableFactory<T> factory)
        where T : IParsable
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.GetProperty("id").GetString() is { Length: > 0 } id && One(json.RootElement, factory) is { } value
                ? new GraphItem<T>(id, false, ETagOf(json.RootElement), value)
                : new SyncFailures.AnswerMalformed();
        }
        catch (Exception error) when (IsMalformed(error))
        {
            return new SyncFailures.AnswerMalformed();
        }
    }

    /// <summary>A kept query as parameters of the next call.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> Parameters(string query) =>
        [.. QueryHelpers.ParseQuery(query).SelectMany(static pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value ?? "")))];

    private static T? One<T>(JsonElement element, ParsableFactory<T> factory)
        where T : IParsable =>
        element.ValueKind == JsonValueKind.Object ? new JsonParseNode(element).GetObjectValue(factory) : default;

    private static string ETagOf(JsonElement element) =>
        element.TryGetProperty("@odata.etag", out var etag) ? etag.GetString() ?? "" : "";

    // Of a link only the query is kept: where it leads is for us to say, and the path is that of the operation.
    private static string? QueryOf(JsonElement page, string name) =>
        page.TryGetProperty(name, out var link) && link.GetString() is { Length: > 0 } text
            ? new Uri(text, UriKind.Absolute).Query.TrimStart('?')
            : null;

    private static bool IsMalformed(Exception error) => error
        is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException;
}

/// <param name="Removed">The provider says that it is not where it was. Whether it is still anywhere it does not reliably say.</param>
/// <param name="ETag">Its version, as spelt; empty where none came along.</param>
internal sealed record GraphItem<T>(string Id, bool Removed, string ETag, T Value);

/// <param name="Next">Query of the link to the next page; null on the last.</param>
/// <param name="Delta">Query of the link to what changes from now on; with the last page only.</param>
internal sealed record GraphPage<T>(ImmutableArray<GraphItem<T>> Items, string? Next, string? Delta);
