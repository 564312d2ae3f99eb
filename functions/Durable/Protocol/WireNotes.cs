using Google.Protobuf.Collections;
using PracticPro.Durable.History;

namespace PracticPro.Durable.Protocol;

/// <summary>Tags and trace context between our form and the protocol's.</summary>
internal static class WireNotes
{
    private static readonly Dictionary<string, string> None = [];

    public static IDictionary<string, string> Tags(EventNotes? notes) =>
        notes?.Tags is { Count: > 0 } tags ? tags.ToDictionary() : None;

    public static Wire.TraceParent? Trace(EventNotes? notes) => notes?.TraceParent is { } parent
        ? new() { TraceParent_ = parent, TraceState = notes.TraceState }
        : null;

    /// <summary>Null when there is nothing to keep.</summary>
    public static EventNotes? From(MapField<string, string> tags, Wire.TraceParent? trace) =>
        tags.Count == 0 && trace is null
            ? null
            : new EventNotes(tags.Count == 0 ? null : tags.ToDictionary(), trace?.TraceParent_, trace?.TraceState);
}
