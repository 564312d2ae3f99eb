using PracticPro.Approvals.Published;

namespace PracticPro.Web;

/// <summary>
/// The sign-in page, with where to go on afterwards. Only pages of ours are gone on to: a place of another site's
/// choosing would make our sign-in lend its good name to it.
/// </summary>
internal static class SignInAddress
{
    public const string Page = "/sign-in";
    public const string Home = "/inbox";

    private static readonly string[] Places = [Home, "/connections", "/audit"];

    /// <summary>Where to send somebody who opened a page of ours without being signed in; null for programs.</summary>
    public static string? Instead(HttpRequest request) =>
        request.Path.StartsWithSegments("/api") || request.Path.StartsWithSegments("/webhooks") ? null
        : !HttpMethods.IsGet(request.Method) ? Page
        : OrHome(request.Path) is var place && place != Home ? $"{Page}?then={Uri.EscapeDataString(place)}"
        : Page;

    /// <summary>The place if it is one of ours, else the inbox.</summary>
    public static string OrHome(string? place)
    {
        const string approvals = "/approvals/";
        return place is not null
            && (Places.Contains(place)
                || (place.StartsWith(approvals, StringComparison.Ordinal) && ApprovalId.TryParse(place[approvals.Length..], out _)))
            ? place
            : Home;
    }
}
