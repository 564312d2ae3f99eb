namespace PracticPro.Web;

/// <summary>Error answers for people.</summary>
internal static class TroublePages
{
    public static Task WriteAsync(HttpContext context, int status, string title, string detail, string? reference)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync($"{title}: {detail} {reference}");
    }
}
