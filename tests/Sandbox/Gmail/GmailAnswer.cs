using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Gmail;

/// <summary>What a Gmail call comes to: JSON, nothing (204), or an error.</summary>
internal readonly record struct GmailAnswer(JsonObject? Body, GmailError? Error)
{
    public static readonly GmailAnswer Nothing;

    public static implicit operator GmailAnswer(JsonObject body) => new(body, null);

    public static implicit operator GmailAnswer(GmailError error) => new(null, error);

    public static GmailAnswer FromJsonObject(JsonObject body) => body;

    public static GmailAnswer FromGmailError(GmailError error) => error;
}
