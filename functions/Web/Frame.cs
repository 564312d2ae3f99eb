using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Sync.Connections;
using PracticPro.Web.Pages;

namespace PracticPro.Web;

/// <summary>Makes what is around a page: who is signed in, where, and what was just done.</summary>
internal static class Frame
{
    public static async Task<FrameView> OfAsync(
        TenantScope scope,
        SignedIn by,
        string title,
        string tab,
        CancellationToken cancellation,
        string? note = null,
        string? trouble = null) =>
        new(title, tab, Assets.Style, Assets.Icon)
        {
            Person = by.Person.Name,
            Practice = await PracticeNames.OfPracticeAsync(scope, cancellation),
            Csrf = by.Session.CsrfToken,
            ShowsAudit = by.May(Permission.ReadAudit),
            Notices = by.May(Permission.ReadConnections) ? await NoticesAsync(scope, by, cancellation) : [],
            Note = Note.Sentence(note),
            Trouble = trouble,
        };

    /// <summary>Connections that need their owner are told on every page, with the button that mends them.</summary>
    private static async Task<IReadOnlyList<NoticeView>> NoticesAsync(
        TenantScope scope, SignedIn by, CancellationToken cancellation) =>
    [
        .. (await ListNotices.RunAsync(scope, cancellation)).Select(notice => new NoticeView(
            $"{notice.Account} is not connected any more.",
            LossWords.Of(notice.Because),
            by.May(Permission.ManageConnections) ? $"/connections/{notice.Provider}" : null)),
    ];

    public static FrameView OfNobody(string title, string? note = null, string? trouble = null) =>
        new(title, "", Assets.Style, Assets.Icon) { Note = Note.Sentence(note), Trouble = trouble };
}
