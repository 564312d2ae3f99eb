using PracticPro.Access;
using PracticPro.Approvals;
using PracticPro.Approvals.Published;
using PracticPro.Audit;
using PracticPro.Kernel;

namespace PracticPro.Web;

/// <summary>
/// What is attached to a mail that waits, for the approver to look into. Handed out as a file to save and never as a page:
/// its bytes are somebody else's.
/// </summary>
internal sealed class ShowAttachment(ReadApprovals read, TenantScopes scopes)
{
    public async Task<object> RunAsync(
        SignedIn by, ApprovalId id, int at, HttpResponse response, CancellationToken cancellation)
    {
        var found = await read.FindAsync(by.Tenant, id, cancellation);
        if (!found.Try(out var approval, out _))
        {
            return found;
        }

        if (approval.Action is not OutgoingMail mail || at < 0 || at >= mail.Attachments.Length)
        {
            return new Outcome<Done>(new ApprovalFailures.NoSuchApproval());
        }

        var scope = await scopes.OpenAsync(by.Tenant, cancellation);
        if (await AttachmentShelf.ReadAsync(scope, id, mail.Attachments[at], cancellation) is not { } bytes)
        {
            return new Outcome<Done>(new ApprovalFailures.AttachmentMissing());
        }

        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return Results.File(bytes, "application/octet-stream", mail.Attachments[at].Name);
    }
}
