using PracticPro.Access;
using PracticPro.Web.Pages;

namespace PracticPro.Web;

/// <summary>Makes what is around a page: who is signed in, where, and what was just done.</summary>
internal static class Frame
{
    public static FrameView Of(SignedIn by, string practice, string title, string tab, string? note = null, string? trouble = null) =>
        new(title, tab, Assets.Style, Assets.Icon)
        {
            Person = by.Person.Name,
            Practice = practice,
            Csrf = by.Session.CsrfToken,
            ShowsAudit = by.May(Permission.ReadAudit),
            Note = Note.Sentence(note),
            Trouble = trouble,
        };

    public static FrameView OfNobody(string title, string? note = null, string? trouble = null) =>
        new(title, "", Assets.Style, Assets.Icon) { Note = Note.Sentence(note), Trouble = trouble };
}
