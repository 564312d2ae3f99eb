using System.Collections.Frozen;

namespace PracticPro.Web;

/// <summary>
/// What a page says after something was done: a short word in the address, a fixed sentence on the page. Nobody can put
/// a sentence of their own into our mouth, and nothing personal gets into an address.
/// </summary>
internal static class Note
{
    public const string Query = "note";

    private static readonly FrozenDictionary<string, string> Sentences = new Dictionary<string, string>
    {
        ["approved"] = "Approved. It is held for a moment, so that you can undo it.",
        ["rejected"] = "Rejected. It will not be sent.",
        ["edited"] = "Saved as a new version. Read it once more, then decide.",
        ["undone"] = "Undone. It waits for a decision again.",
        ["connected"] = "The account is connected. It is being read now; you can leave this page.",
        ["disconnected"] = "Disconnected. Nothing is read from it or sent through it any more; its grant is being given back.",
        ["drafts-asked"] = "Drafts are being written. They appear in the inbox, one by one.",
        ["signed-out"] = "You are signed out.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string? Sentence(string? word) => word is null ? null : Sentences.GetValueOrDefault(word);
}
