using PracticPro.Web.Pages;

namespace PracticPro.Web;

/// <summary>Error answers for people: what happened, and what to do next.</summary>
internal static class TroublePages
{
    public static Task WriteAsync(HttpContext context, int status, string title, string detail, string? reference)
    {
        var view = new TroubleView(Frame.OfNobody(title), detail, reference, SignedOut: status == StatusCodes.Status401Unauthorized);
        return new PageAnswer<TroublePage>(view, status).ExecuteAsync(context);
    }
}
