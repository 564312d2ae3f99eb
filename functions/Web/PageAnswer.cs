using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace PracticPro.Web;

/// <summary>
/// A page rendered whole on the server: plain HTML, no script, nothing kept between requests. Every value a component
/// writes is encoded (NET-2); no page writes markup from a value.
/// </summary>
internal sealed class PageAnswer<TPage>(object view, int status = StatusCodes.Status200OK) : IResult
    where TPage : IComponent
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { ["View"] = view });
            return (await renderer.RenderComponentAsync<TPage>(parameters)).ToHtmlString();
        });
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        await httpContext.Response.WriteAsync(html, httpContext.RequestAborted);
    }
}
