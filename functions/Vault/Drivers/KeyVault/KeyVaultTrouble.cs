using System.Globalization;
using System.Text.Json;
using Azure;
using PracticPro.Kernel;

namespace PracticPro.Vault.Drivers.KeyVault;

/// <summary>
/// What each status of the vault means here, in one place. Refusals that have to do with the key (a bad value, a disabled
/// key, none of that name, one in the bin) are answers for the caller to sort; all else is a failure of the store. Shapes:
/// <c>{"error":{"code","message","innererror":{"code"}}}</c>, of which only the codes are read.
/// </summary>
internal static class KeyVaultTrouble
{
    public const string DeletedButRecoverable = "ObjectIsDeletedButRecoverable";

    public static (KeyVaultAnswer? Answer, Failure.Unavailable? Trouble) Sort(Response response, JsonElement body)
    {
        var inner = InnerOf(body);
        var wait = RetryAfter(response);
        return response.Status switch
        {
            204 => (new KeyVaultAnswer(204, inner, body), null),
            >= 200 and < 300 when body.ValueKind == JsonValueKind.Object => (new KeyVaultAnswer(response.Status, inner, body), null),
            400 or 404 when IsError(body) => (new KeyVaultAnswer(response.Status, inner, body), null),
            401 => (null, new KeyStoreFailures.NotSignedIn()),
            403 when inner.StartsWith("Key", StringComparison.Ordinal) => (new KeyVaultAnswer(403, inner, body), null),
            403 when inner == "ForbiddenByFirewall" => (null, new KeyStoreFailures.BehindFirewall()),
            403 => (null, new KeyStoreFailures.NotAllowed()),
            409 when inner == DeletedButRecoverable => (new KeyVaultAnswer(409, inner, body), null),
            409 => (null, new KeyStoreFailures.KeyInTransit()),
            429 => (null, new KeyStoreFailures.Throttled(wait ?? TimeSpan.Zero)),
            408 or >= 500 => (null, new KeyStoreFailures.Failing(wait)),
            _ => (null, new KeyStoreFailures.NotUnderstood()),
        };
    }

    private static bool IsError(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("error", out _);

    private static string InnerOf(JsonElement body) =>
        IsError(body)
        && body.GetProperty("error") is { ValueKind: JsonValueKind.Object } error
        && error.TryGetProperty("innererror", out var inner) && inner.ValueKind == JsonValueKind.Object
        && inner.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String
            ? code.GetString() ?? ""
            : "";

    /// <summary>Whole seconds, as the service writes it; a date is not (RFC 9110 section 10.2.3 has both).</summary>
    private static TimeSpan? RetryAfter(Response response) =>
        response.Headers.TryGetValue("Retry-After", out var text)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Clamp(seconds, 1, 3600))
            : null;
}
