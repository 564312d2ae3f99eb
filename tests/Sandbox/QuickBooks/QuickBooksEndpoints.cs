using System.Text;
using PracticPro.Sandbox.OAuth;

namespace PracticPro.Sandbox.QuickBooks;

/// <summary>
/// Takes a request through the gates: token, company, limits. Then runs the method under the company's lock and writes
/// the answer, as JSON for who asked for it and as XML for everybody else. Every answer has its intuit_tid.
/// </summary>
internal static class QuickBooksEndpoints
{
    private const string Root = "/v3/company/{realm}/";

    public static void MapQuickBooks(this IEndpointRouteBuilder routes, World world)
    {
        routes.MapIntuitOAuth(world);
        foreach (BookMethod method in BookMethods.All)
        {
            routes.MapMethods(Root + method.Path, [method.Verb], context => Handle(world, method, context));
        }
    }

    private static async Task Handle(World world, BookMethod method, HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        string text = await reader.ReadToEndAsync(context.RequestAborted);
        if (!method.Reads)
        {
            world.QuickBooks.CountWrite();
        }

        (BookAnswer answer, string time) = Pass(world, method, context, text);
        context.Response.Headers["intuit_tid"] = world.QuickBooks.NextTid();
        if (answer == BookAnswer.NoSuchPath)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync("<html><body>404 Not Found</body></html>", context.RequestAborted);
            return;
        }

        context.Response.StatusCode = answer.Error?.Status ?? StatusCodes.Status200OK;
        if (answer.Error is { Status: 401 })
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"Intuit\", error=\"invalid_token\"";
        }

        bool asJson = context.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase);
        context.Response.ContentType = asJson ? "application/json;charset=UTF-8" : "application/xml;charset=UTF-8";
        byte[] body = (asJson, answer.Error) switch
        {
            (true, { } error) => Answers.Bytes(error.ToJson(time, world.Clock.GetUtcNow())),
            (true, null) => Answers.Bytes(answer.Body!),
            (false, { } error) => BookXml.Bytes(error, time),
            _ => BookXml.Bytes(answer.Body!, time),
        };
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static (BookAnswer Answer, string Time) Pass(World world, BookMethod method, HttpContext context, string text)
    {
        QuickBooksWorld books = world.QuickBooks;
        string time = BookTime.Milliseconds(world.Clock.GetUtcNow(), TimeSpan.Zero);
        if (books.Grants.RealmOf(Bearer.Of(context.Request)) is not string realm)
        {
            return (QuickBooksError.Unauthenticated(), time);
        }

        if (realm != (string)context.Request.RouteValues["realm"]! || books.Find(realm) is not Company company)
        {
            return (QuickBooksError.Forbidden(), time);
        }

        if (!books.Limits.Admits(realm, method.Reads))
        {
            return (QuickBooksError.Throttled(), time);
        }

        lock (company.Gate)
        {
            var call = new BookCall(books, company, context.Request, text);
            return (method.Run(call), call.Time);
        }
    }
}
