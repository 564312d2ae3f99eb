using System.Text;
using System.Text.Json;
using PracticPro.Kernel;

namespace PracticPro.Durable.Execution;

/// <summary>Where a payload stands, for the message when it is too large.</summary>
internal enum PayloadPlace
{
    Input,
    Output,
    Event,
    CustomStatus,
}

/// <summary>
/// Values as stored JSON text. The limit is one constant and no option: a replay must refuse what the first run
/// refused. It is small on purpose. Histories hold ids; content lives in the stores that can seal and erase it.
/// </summary>
internal static class Payload
{
    /// <summary>Largest JSON text in UTF-8 bytes, inclusive.</summary>
    public const int MaximumBytes = 16 * 1024;

    /// <exception cref="PayloadTooLargeException">More than <see cref="MaximumBytes"/>.</exception>
    public static string? Encode<T>(T value, PayloadPlace place)
    {
        if (value is null)
        {
            return null;
        }

        var json = JsonSerializer.Serialize(value, JsonShapes.Stored);
        return FitsLimit(json) ? json : throw new PayloadTooLargeException(place);
    }

    /// <param name="limit">In UTF-8 bytes, inclusive. Only a hub that serves others has another one.</param>
    public static bool FitsLimit(string? json, int limit = MaximumBytes) =>
        json is null || json.Length <= limit / 3 || Encoding.UTF8.GetByteCount(json) <= limit;

    /// <summary>Null reads as the type's default, since it was never given.</summary>
    public static T Decode<T>(string? json) =>
        json is null ? default! : JsonSerializer.Deserialize<T>(json, JsonShapes.Stored)!;

    /// <summary>Ends a wait with what came; a payload that is not of the awaited type ends it as a failure.</summary>
    public static void Settle<T>(TaskCompletionSource<T> waiting, string? json)
    {
        T value;
        try
        {
            value = Decode<T>(json);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException)
        {
            waiting.TrySetException(unreadable);
            return;
        }

        waiting.TrySetResult(value);
    }
}
