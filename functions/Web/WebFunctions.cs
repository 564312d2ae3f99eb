using PracticPro.Access;
using PracticPro.Sync.Connections;

namespace PracticPro.Web;

/// <summary>The pages.</summary>
internal static class WebFunctions
{
    public static void MapWeb(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/connect/google/callback", ConnectedAsync).RequirePermission(Permission.ManageConnections);
    }

    private static async Task<object> ConnectedAsync(
        SignedIn by, string? state, string? code, FinishConnection finish, CancellationToken cancellation)
    {
        var outcome = await finish.RunAsync(by, new(state, code), cancellation);
        return outcome.Succeeded ? Results.Redirect("/connections") : outcome;
    }
}
