using System.Text.Json.Serialization;

namespace PracticPro.Hosting.Http;

/// <summary>
/// What went wrong, for the caller: the body of every error answer (RFC 9457). Holds no content and no identifier of a
/// person, and never what was sent.
/// </summary>
/// <param name="Code">Stable; part of the API.</param>
/// <param name="Detail">What happened and what to do next.</param>
/// <param name="Field">The part of the input it is about.</param>
/// <param name="Reference">Names one accident in the program's own log.</param>
internal sealed record Problem(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Field = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reference = null)
{
    public const string MediaType = "application/problem+json";

    /// <summary>When the same call may be good again; goes into the header, rounded up to whole seconds.</summary>
    [JsonIgnore]
    public TimeSpan? RetryAfter { get; init; }

    public static Problem Of(int status, string title, string code, string detail, string? field = null) =>
        new($"urn:practicpro:problem:{code}", title, status, detail, code, field);
}
