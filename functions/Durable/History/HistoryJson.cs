using System.Text.Encodings.Web;
using System.Text.Json;
using PracticPro.Kernel;

namespace PracticPro.Durable.History;

/// <summary>
/// The stored form of events: UTF-8 JSON <c>{"v":1,"events":[{"kind":…},…]}</c>. The version is in every piece, so
/// that pieces of different age may stand in one history. An unknown kind or version does not read.
/// </summary>
internal static class HistoryJson
{
    private const int Version = 1;

    // Payloads are JSON inside JSON. The usual escape of a quotation mark, made for HTML, takes six bytes for one.
    private static readonly JsonSerializerOptions Shape = new(JsonShapes.Stored)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Format(IReadOnlyList<HistoryEvent> events) =>
        JsonSerializer.SerializeToUtf8Bytes(new Piece(Version, events), Shape);

    public static IReadOnlyList<HistoryEvent> Parse(ReadOnlySpan<byte> piece)
    {
        var read = JsonSerializer.Deserialize<Piece>(piece, Shape)
            ?? throw new JsonException("No history.");
        return read.V == Version ? read.Events : throw new JsonException($"History version {read.V} is not known.");
    }

    private sealed record Piece(int V, IReadOnlyList<HistoryEvent> Events);
}
