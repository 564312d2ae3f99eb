using PracticPro.Kernel;

namespace PracticPro.Access;

/// <summary>
/// The cookie a session rides on: <c>{tenant}.{token}</c>. Secure and HttpOnly (AUTH-4); SameSite=Lax, so that the way
/// back from a provider's consent page still carries it; the <c>__Host-</c> prefix makes browsers refuse it from any
/// other host or path (RFC 6265bis section 4.1.3.2). It ends with the browser, and on the server before that.
/// </summary>
internal static class SessionCookie
{
    public const string Name = "__Host-practicpro";

    // A token is 43 characters, a tenant at most 40.
    private const int MaximumLength = 100;

    public static (TenantId Tenant, SecretText Token)? Read(HttpRequest request)
    {
        var text = request.Cookies[Name];
        var dot = text?.IndexOf('.') ?? -1;
        return text is { Length: <= MaximumLength } && dot > 0 && TenantId.TryParse(text[..dot], out var tenant)
            ? (tenant, new SecretText(text[(dot + 1)..]))
            : null;
    }

    public static void Write(HttpResponse response, TenantId tenant, SecretText token) =>
        response.Cookies.Append(Name, $"{tenant}.{token.Reveal("session cookie")}", Flags());

    public static void Remove(HttpResponse response) => response.Cookies.Delete(Name, Flags());

    private static CookieOptions Flags() => new()
    {
        Secure = true,
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        IsEssential = true,
    };
}
