using System.Text.Json;

namespace PracticPro.KeyVaultDouble;

/// <summary>A "no" in the service's shape: <c>{"error":{"code","message","innererror":{"code"}}}</c>.</summary>
internal sealed class Refusal(int status, string code, string message, string? inner = null) : Exception(message)
{
    public int Status { get; } = status;

    public TimeSpan? RetryAfter { get; init; }

    public byte[] Body { get; } = JsonSerializer.SerializeToUtf8Bytes(new
    {
        error = inner is null ? (object)new { code, message } : new { code, message, innererror = new { code = inner } },
    });

    public static Refusal BadParameter(string message) => new(400, "BadParameter", message);

    public static Refusal Forbidden(string inner, string message) => new(403, "Forbidden", message, inner);

    public static Refusal NotFound() => new(404, "KeyNotFound", "A key with this name or version is not in the vault.");

    public static Refusal Conflict(string inner, string message) => new(409, "Conflict", message, inner);

    public static Refusal Throttled(TimeSpan wait) => new(
        429,
        "Throttled",
        "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached",
        "VaultRequestTypeLimitReached")
    {
        RetryAfter = wait,
    };
}
