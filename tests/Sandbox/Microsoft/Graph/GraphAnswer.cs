using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Microsoft.Graph;

/// <summary>What a Graph call comes to: JSON, bytes, nothing, or an error.</summary>
internal sealed record GraphAnswer(int Status, JsonObject? Body, GraphError? Error)
{
    public static readonly GraphAnswer Accepted = new(202, null, null);

    public static readonly GraphAnswer Nothing = new(204, null, null);

    /// <summary>What is not JSON: the bytes of a letter or of an attachment.</summary>
    public byte[]? Bytes { get; private init; }

    public string? ContentType { get; private init; }

    public static GraphAnswer Created(JsonObject body) => new(201, body, null);

    public static GraphAnswer Of(byte[] bytes, string contentType) =>
        new(200, null, null) { Bytes = bytes, ContentType = contentType };

    public static implicit operator GraphAnswer(JsonObject body) => new(200, body, null);

    public static implicit operator GraphAnswer(GraphError error) => new(error.Status, null, error);

    public static GraphAnswer FromJsonObject(JsonObject body) => body;

    public static GraphAnswer FromGraphError(GraphError error) => error;
}
