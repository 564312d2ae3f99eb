using PracticPro.Access;
using PracticPro.Approvals;
using PracticPro.Approvals.Published;
using PracticPro.Kernel;

namespace PracticPro.Web;

/// <summary>
/// What the forms of an approval's page do. What worked goes back to the page by a redirect; what did not shows the page
/// as it is now, with why, and loses nothing that was typed.
/// </summary>
internal sealed class DecideOnPage(ShowApproval show, DecideApproval decide, EditApproval edit)
{
    public async Task<object> ApproveAsync(SignedIn by, ApprovalId id, Form form, CancellationToken cancellation) =>
        await AfterAsync(
            await decide.ApproveAsync(by, id, form["digest"], form.Has("confirmed"), cancellation), by, id, "approved", null, cancellation);

    public async Task<object> RejectAsync(SignedIn by, ApprovalId id, Form form, CancellationToken cancellation) =>
        await AfterAsync(
            await decide.RejectAsync(by, id, form["digest"], form["reason"], cancellation), by, id, "rejected", null, cancellation);

    public async Task<object> UndoAsync(SignedIn by, ApprovalId id, CancellationToken cancellation) =>
        await AfterAsync(await decide.UndoAsync(by, id, cancellation), by, id, "undone", null, cancellation);

    public async Task<object> EditAsync(SignedIn by, ApprovalId id, Form form, CancellationToken cancellation)
    {
        var outcome = await edit.RunAsync(by, id, EditForm.Read(form), cancellation);
        return await AfterAsync(outcome, by, id, "edited", form, cancellation);
    }

    private async Task<object> AfterAsync(
        Outcome<Approval> outcome, SignedIn by, ApprovalId id, string note, Form? typed, CancellationToken cancellation) =>
        outcome.Failure is { } why
            ? await show.RunAsync(by, id, null, why, typed, cancellation)
            : SeeOther.With(ShowApproval.AddressOf(id), note);
}
