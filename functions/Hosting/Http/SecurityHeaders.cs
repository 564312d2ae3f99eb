namespace PracticPro.Hosting.Http;

/// <summary>
/// Middleware: the headers that tell browsers to be careful (NET-1), on every answer, errors included, because they are
/// set before anything else happens. Nothing is cached unless an endpoint says so. A request that is not HTTP at all is
/// answered by the server itself and carries none of them.
/// Source: OWASP Secure Headers Project; hstspreload.org.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private static readonly (string Name, string Value)[] Always =
    [
        ("Strict-Transport-Security", "max-age=63072000; includeSubDomains; preload"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        // Not no-referrer: with it, browsers send "Origin: null" with our own forms, and the origin could not be checked.
        ("Referrer-Policy", "same-origin"),
        ("Permissions-Policy", "accelerometer=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), "
            + "magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(self), usb=(), browsing-topics=()"),
        ("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
            + "frame-ancestors 'none'; base-uri 'none'"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    ];

    public Task InvokeAsync(HttpContext context)
    {
        foreach (var (name, value) in Always)
        {
            context.Response.Headers[name] = value;
        }

        return next(context);
    }
}
