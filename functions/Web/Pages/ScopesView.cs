namespace PracticPro.Web.Pages;

/// <summary>The page after a consent that did not hold exactly what was asked for.</summary>
/// <param name="Frame">Around it.</param>
/// <param name="Provider">Whose consent page it was.</param>
/// <param name="Again">Where a new try is posted to.</param>
/// <param name="Missing">Boxes that were left empty.</param>
/// <param name="Extra">Permissions that were too many.</param>
/// <param name="ConsentsPage">Where the owner ends an earlier consent by hand; null where there is no such page.</param>
public sealed record ScopesView(
    FrameView Frame,
    string Provider,
    string Again,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Extra,
    string? ConsentsPage);
