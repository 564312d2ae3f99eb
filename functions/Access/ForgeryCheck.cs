using PracticPro.Kernel;

namespace PracticPro.Access;

/// <summary>
/// Whether a request that changes something was made by a page or program of the signed-in person, and not by another
/// site through their browser (AUTH-6). Two proofs, each enough to stop a forgery: the session's own token
/// (synchronizer token), and where the browser says the request comes from.
/// Source: OWASP Cross-Site Request Forgery Prevention; W3C Fetch Metadata.
/// </summary>
internal static class ForgeryCheck
{
    public const string Header = "X-CSRF-Token";
    public const string Field = "csrf";

    public static async Task<Failure?> JudgeAsync(HttpRequest request, Session session, CancellationToken cancellation)
    {
        if (IsSafe(request.Method))
        {
            return null;
        }

        return ComesFromHere(request) && session.Accepts(await TokenAsync(request, cancellation))
            ? null
            : new AccessFailures.ForgedRequest();
    }

    /// <summary>
    /// False when the browser says that another site sent it. A program sends neither header; it is let pass here, for
    /// it holds no one else's cookie.
    /// </summary>
    public static bool ComesFromHere(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        return site is "" or "same-origin" or "none"
            && (origin.Length == 0
                || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    // Only plain forms: a multipart body would be spooled to disk before anything is known of it.
    private static async Task<string?> TokenAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.Headers.TryGetValue(Header, out var sent))
        {
            return sent;
        }

        return request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true
            ? (await request.ReadFormAsync(cancellation))[Field].ToString()
            : null;
    }
}
