namespace PracticPro.Access;

/// <summary>
/// Middleware: whose request it is, by its session cookie. Decides nothing: a request without a live session goes on
/// as nobody's.
/// </summary>
internal sealed class IdentifyCaller(RequestDelegate next, Sessions sessions)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (SessionCookie.Read(context.Request) is { } cookie)
        {
            var found = await sessions.FindAsync(cookie.Tenant, cookie.Token, context.RequestAborted);
            if (found.Try(out var caller, out _))
            {
                context.Features.Set(caller);
            }
        }

        await next(context);
    }
}
