using System.Net;

namespace PracticPro.Hosting.Http;

/// <summary>
/// Middleware: what comes over plain HTTP from another machine is sent to HTTPS (ENC-3). Loopback may stay plain: it
/// leaves no machine.
/// </summary>
internal sealed class RequireHttps(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.IsHttps || context.Connection.RemoteIpAddress is not { } from || IPAddress.IsLoopback(from))
        {
            return next(context);
        }

        // 308 keeps the method, so that a browser's form is sent again over HTTPS (RFC 9110 section 15.4.9).
        context.Response.Redirect(
            $"https://{request.Host.Host}{request.PathBase}{request.Path}{request.QueryString}", permanent: true, preserveMethod: true);
        return Task.CompletedTask;
    }
}
