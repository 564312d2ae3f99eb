using Microsoft.AspNetCore.Mvc;
using PracticPro.Access;
using PracticPro.Approvals.Published;
using PracticPro.Kernel;

namespace PracticPro.Approvals;

/// <summary>This room's endpoints.</summary>
internal static class ApprovalFunctions
{
    private const string Approvals = "/api/v1/approvals";

    // 10 MB of attachments in base64, and the text.
    private const long LargestMail = 15_000_000;

    private const string One = $"{Approvals}/{{id:approval}}";

    public static void MapApprovals(this IEndpointRouteBuilder routes)
    {
        routes.MapPost($"{Approvals}/mails", ProposeMailAsync).RequirePermission(Permission.ProposeActions)
            .Produces(StatusCodes.Status201Created).WithMetadata(new RequestSizeLimitAttribute(LargestMail));
        routes.MapPost($"{Approvals}/events", ProposeEventAsync).RequirePermission(Permission.ProposeActions)
            .Produces(StatusCodes.Status201Created);
        routes.MapPost($"{Approvals}/tasks", ProposeTaskAsync).RequirePermission(Permission.ProposeActions)
            .Produces(StatusCodes.Status201Created);
        routes.MapGet(Approvals, ListAsync).RequirePermission(Permission.ReadApprovals);
        routes.MapGet(One, FindAsync).RequirePermission(Permission.ReadApprovals);
        routes.MapPost($"{One}/approve", ApproveAsync).RequirePermission(Permission.DecideApprovals);
        routes.MapPost($"{One}/reject", RejectAsync).RequirePermission(Permission.DecideApprovals);
        routes.MapPost($"{One}/edit", EditAsync).RequirePermission(Permission.EditApprovals);
        // Undoing is deciding: whoever may not approve may not take an approval back either.
        routes.MapPost($"{One}/undo", UndoAsync).RequirePermission(Permission.DecideApprovals);
    }

    private static async Task<Outcome<ApprovalAnswer>> ProposeMailAsync(
        SignedIn by, ProposalRequests.MailWish request, ProposeMail propose, ReadApprovals read, CancellationToken cancellation) =>
        request.Read(by.Actor).Try(out var proposal, out var why)
            ? await FoundAsync(by, await propose.RunAsync(by.Tenant, proposal, cancellation), read, cancellation)
            : why;

    private static async Task<Outcome<ApprovalAnswer>> ProposeEventAsync(
        SignedIn by, ProposalRequests.EventRequest request, ProposeEvent propose, ReadApprovals read, CancellationToken cancellation) =>
        request.Read(by.Actor).Try(out var proposal, out var why)
            ? await FoundAsync(by, await propose.RunAsync(by.Tenant, proposal, cancellation), read, cancellation)
            : why;

    private static async Task<Outcome<ApprovalAnswer>> ProposeTaskAsync(
        SignedIn by, ProposalRequests.TaskRequest request, ProposeTask propose, ReadApprovals read, CancellationToken cancellation) =>
        request.Read(by.Actor).Try(out var proposal, out var why)
            ? await FoundAsync(by, await propose.RunAsync(by.Tenant, proposal, cancellation), read, cancellation)
            : why;

    private static async Task<Outcome<ApprovalAnswer>> FoundAsync(
        SignedIn by, Outcome<ApprovalId> proposed, ReadApprovals read, CancellationToken cancellation) =>
        proposed.Try(out var id, out var why)
            ? (await read.FindAsync(by.Tenant, id, cancellation)).Then(ApprovalAnswer.Of)
            : why;

    private static async Task<Outcome<Page<ApprovalRow>>> ListAsync(
        SignedIn by, string? state, [AsParameters] PageQuery query, ReadApprovals read, CancellationToken cancellation)
    {
        if (!ApprovalWords.TryParseState(state, out var which))
        {
            return new ApprovalFailures.NoSuchState();
        }

        return query.Read().Try(out var paging, out var why)
            ? (await read.ListAsync(by.Tenant, which, paging.Limit, paging.After, cancellation)).Select(ApprovalRow.Of)
            : why;
    }

    private static async Task<Outcome<ApprovalAnswer>> FindAsync(
        SignedIn by, ApprovalId id, ReadApprovals read, CancellationToken cancellation) =>
        (await read.FindAsync(by.Tenant, id, cancellation)).Then(ApprovalAnswer.Of);

    private static async Task<Outcome<ApprovalAnswer>> ApproveAsync(
        SignedIn by, ApprovalId id, ApproveRequest request, DecideApproval decide, CancellationToken cancellation) =>
        (await decide.ApproveAsync(by, id, request.Digest, request.Confirmed, cancellation)).Then(ApprovalAnswer.Of);

    private static async Task<Outcome<ApprovalAnswer>> RejectAsync(
        SignedIn by, ApprovalId id, RejectRequest request, DecideApproval decide, CancellationToken cancellation) =>
        (await decide.RejectAsync(by, id, request.Digest, request.Reason, cancellation)).Then(ApprovalAnswer.Of);

    private static async Task<Outcome<ApprovalAnswer>> EditAsync(
        SignedIn by, ApprovalId id, EditRequest request, EditApproval edit, CancellationToken cancellation) =>
        (await edit.RunAsync(
            by,
            id,
            new(request.Digest, request.To, request.Subject, request.Text)
            {
                From = request.From,
                Event = request.Event?.Read(),
                Task = request.Task?.Read(),
            },
            cancellation)).Then(ApprovalAnswer.Of);

    private static async Task<Outcome<ApprovalAnswer>> UndoAsync(
        SignedIn by, ApprovalId id, DecideApproval decide, CancellationToken cancellation) =>
        (await decide.UndoAsync(by, id, cancellation)).Then(ApprovalAnswer.Of);

    internal sealed record ApproveRequest(string? Digest, bool Confirmed);

    internal sealed record RejectRequest(string? Digest, string? Reason);

    internal sealed record EditRequest(
        string? Digest,
        string? From,
        IReadOnlyList<string>? To,
        string? Subject,
        string? Text,
        ProposalRequests.EventWish? Event,
        ProposalRequests.TaskWish? Task);
}
