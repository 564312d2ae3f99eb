using PracticPro.Access;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Assistant;

/// <summary>This room's endpoints.</summary>
internal static class AssistantFunctions
{
    private const string Drafts = "/api/v1/drafts";

    public static void MapAssistant(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Drafts, RequestAsync).RequirePermission(Permission.RequestDrafts).Produces(StatusCodes.Status202Accepted);
        routes.MapGet(Drafts, ListAsync).RequirePermission(Permission.ReadApprovals);
    }

    private static async Task<Outcome<Done>> RequestAsync(
        SignedIn by, DraftsRequest request, RequestDrafts drafts, CancellationToken cancellation) =>
        ConnectionId.TryParse(request.Connection, out var connection)
            ? await drafts.RunAsync(by, connection, request.Count, cancellation)
            : new AssistantFailures.NoSuchMailbox();

    private static async Task<Outcome<Page<DraftAnswer>>> ListAsync(
        SignedIn by, [AsParameters] PageQuery query, ReadDrafts read, CancellationToken cancellation) =>
        query.Read().Try(out var paging, out var why)
            ? (await read.ListAsync(by.Tenant, paging.Limit, paging.After, cancellation)).Select(DraftAnswer.Of)
            : why;

    internal sealed record DraftsRequest(string? Connection, int Count);

    internal sealed record DraftAnswer(
        ConnectionId Connection, string ThreadId, string Drafter, string Approval, DateTimeOffset MadeAt)
    {
        public static DraftAnswer Of(Draft draft) =>
            new(draft.Connection, draft.ThreadId, draft.Drafter, draft.Approval, draft.MadeAt);
    }
}
