using System.Globalization;
using System.Text.Json;
using PracticPro.Web;

namespace PracticPro.Hosting.Http;

/// <summary>Writes a problem: as problem details to programs, as a page to people.</summary>
internal static class AnswerProblem
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        if (problem.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (WantsPage(context.Request))
        {
            return TroublePages.WriteAsync(context, problem.Status, problem.Title, problem.Detail, problem.Reference);
        }

        context.Response.StatusCode = problem.Status;
        return context.Response.WriteAsJsonAsync(problem, Json, Problem.MediaType, context.RequestAborted);
    }

    private static bool WantsPage(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api") && !request.Path.StartsWithSegments("/webhooks")
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
