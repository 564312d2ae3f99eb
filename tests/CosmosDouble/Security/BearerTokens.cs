using System.Buffers.Text;
using System.Text.Json;
using PracticPro.Loopback;

namespace PracticPro.CosmosDouble.Security;

/// <summary>
/// Checks directory tokens. Their audience is the account's host, as the SDK asks for it (without a port), or the
/// service's own name.
/// </summary>
internal sealed class BearerTokens(LoopbackTokens tokens, TimeProvider time)
{
    private static readonly string[] Audiences = ["https://127.0.0.1", "https://localhost", "https://cosmos.azure.com"];

    public bool IsGood(string token) =>
        AudienceOf(token) is { } audience
        && Audiences.Contains(audience.TrimEnd('/'))
        && tokens.PrincipalOf(token, audience, time.GetUtcNow()) is not null;

    private static string? AudienceOf(string token)
    {
        try
        {
            return token.Split('.') is [_, var body, _]
                ? JsonDocument.Parse(Base64Url.DecodeFromChars(body)).RootElement.GetProperty("aud").GetString()
                : null;
        }
        catch (Exception broken) when (broken is FormatException or JsonException or KeyNotFoundException)
        {
            return null;
        }
    }
}
