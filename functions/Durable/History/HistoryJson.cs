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

    public static byte[] Format(IReadOnlyList<HistoryEvent> events) =>
        JsonSerializer.SerializeToUtf8Bytes(new Piece(Version, events), JsonShapes.Stored);

    public static IReadOnlyList<HistoryEvent> Parse(ReadOnlySpan<byte> piece)
    {
        var read = JsonSerializer.Deserialize<Piece>(piece, JsonShapes.Stored)
            ?? throw new JsonException("No history.");
        return read.V == Version ? read.Events : throw new JsonException($"History version {read.V} is not known.");
    }

    private sealed record Piece(int V, IReadOnlyList<HistoryEvent> Events);
}
