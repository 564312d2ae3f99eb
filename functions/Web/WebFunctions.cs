using System.Collections.Immutable;
using PracticPro.Access;
using PracticPro.Approvals.Published;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;

namespace PracticPro.Web;

/// <summary>The pages, and what their forms do.</summary>
internal static class WebFunctions
{
    private const string Approval = "/approvals/{id:approval}";
    private const string Connection = "/connections/{id:connection}";

    public static void MapWeb(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", static () => new SeeOther(SignInAddress.Home)).AllowAnyone("Leads to the inbox, which asks who comes.");
        routes.MapGet(SignInAddress.Page, ShowSignIn.Page).AllowAnyone("By this one becomes somebody.");
        routes.MapPost(SignInAddress.Page, SignInAsync).AllowAnyone("By this one becomes somebody.");
        routes.MapPost("/sign-out", SignOutAsync).RequireSomebody();

        routes.MapGet(SignInAddress.Home, InboxAsync).RequirePermission(Permission.ReadApprovals);
        routes.MapGet(Approval, ApprovalAsync).RequirePermission(Permission.ReadApprovals);
        routes.MapGet($"{Approval}/attachments/{{at:int}}", AttachmentAsync).RequirePermission(Permission.ReadApprovals);
        routes.MapPost($"{Approval}/approve", ApproveAsync).RequirePermission(Permission.DecideApprovals);
        routes.MapPost($"{Approval}/reject", RejectAsync).RequirePermission(Permission.DecideApprovals);
        routes.MapPost($"{Approval}/edit", EditAsync).RequirePermission(Permission.EditApprovals);
        routes.MapPost($"{Approval}/undo", UndoAsync).RequirePermission(Permission.DecideApprovals);

        routes.MapGet("/connections", ConnectionsAsync).RequirePermission(Permission.ReadConnections);
        routes.MapPost("/connections/{provider}", ConnectAsync).RequirePermission(Permission.ManageConnections);
        routes.MapGet("/connect/{at}/callback", ConnectedAsync).RequirePermission(Permission.ManageConnections);
        routes.MapPost($"{Connection}/disconnect", DisconnectAsync).RequirePermission(Permission.ManageConnections);
        routes.MapPost($"{Connection}/drafts", DraftAsync).RequirePermission(Permission.RequestDrafts);

        routes.MapGet("/audit", AuditAsync).RequirePermission(Permission.ReadAudit);
        routes.MapAssets();
    }

    private static Task<object> SignInAsync(HttpContext context, Form form, ShowSignIn show, CancellationToken cancellation) =>
        show.TryAsync(context, form, cancellation);

    private static async Task<SeeOther> SignOutAsync(
        SignedIn by, HttpResponse response, Sessions sessions, CancellationToken cancellation)
    {
        await sessions.EndAsync(by, cancellation);
        SessionCookie.Remove(response);
        return SeeOther.With(SignInAddress.Page, "signed-out");
    }

    private static Task<object> InboxAsync(
        SignedIn by, string? tab, string? state, string? cursor, string? note, ShowInbox show, CancellationToken cancellation) =>
        show.RunAsync(by, tab, state, cursor, note, cancellation);

    private static Task<object> ApprovalAsync(
        SignedIn by, ApprovalId id, string? note, ShowApproval show, CancellationToken cancellation) =>
        show.RunAsync(by, id, note, why: null, typed: null, cancellation);

    private static Task<object> AttachmentAsync(
        SignedIn by, ApprovalId id, int at, HttpResponse response, ShowAttachment show, CancellationToken cancellation) =>
        show.RunAsync(by, id, at, response, cancellation);

    private static Task<object> ApproveAsync(
        SignedIn by, ApprovalId id, Form form, DecideOnPage decide, CancellationToken cancellation) =>
        decide.ApproveAsync(by, id, form, cancellation);

    private static Task<object> RejectAsync(
        SignedIn by, ApprovalId id, Form form, DecideOnPage decide, CancellationToken cancellation) =>
        decide.RejectAsync(by, id, form, cancellation);

    private static Task<object> EditAsync(
        SignedIn by, ApprovalId id, Form form, DecideOnPage decide, CancellationToken cancellation) =>
        decide.EditAsync(by, id, form, cancellation);

    private static Task<object> UndoAsync(SignedIn by, ApprovalId id, DecideOnPage decide, CancellationToken cancellation) =>
        decide.UndoAsync(by, id, cancellation);

    private static Task<object> ConnectionsAsync(SignedIn by, string? note, ShowConnections show, CancellationToken cancellation) =>
        show.RunAsync(by, note, why: null, cancellation);

    private static Task<object> ConnectAsync(
        SignedIn by, string provider, ShowConnections show, CancellationToken cancellation) =>
        show.ConnectAsync(by, provider, cancellation);

    /// <summary>Where a provider sends the browser back to. A failure is answered as what it is: the person starts again.</summary>
    private static async Task<object> ConnectedAsync(
        SignedIn by,
        string at,
        string? state,
        string? code,
        HttpRequest request,
        FinishConnection finish,
        ShowScopes scopes,
        CancellationToken cancellation)
    {
        var answer = new FinishConnection.Answer(at, state, code)
        {
            Besides = request.Query
                .Where(static pair => pair.Key is not ("state" or "code"))
                .ToImmutableDictionary(static pair => pair.Key, static pair => pair.Value.ToString()),
        };
        var outcome = await finish.RunAsync(by, answer, cancellation);
        return outcome.Succeeded ? SeeOther.With("/connections", "connected")
            : outcome.Failure is SyncFailures.ScopesDiffer differs ? await scopes.RunAsync(by, differs, cancellation)
            : outcome;
    }

    private static Task<object> DisconnectAsync(SignedIn by, ConnectionId id, ShowConnections show, CancellationToken cancellation) =>
        show.DisconnectAsync(by, id, cancellation);

    private static Task<object> DraftAsync(
        SignedIn by, ConnectionId id, Form form, ShowConnections show, CancellationToken cancellation) =>
        show.DraftAsync(by, id, form, cancellation);

    private static Task<object> AuditAsync(SignedIn by, string? cursor, ShowAudit show, CancellationToken cancellation) =>
        show.RunAsync(by, cursor, cancellation);
}
