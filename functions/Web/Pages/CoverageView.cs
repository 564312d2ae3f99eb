namespace PracticPro.Web.Pages;

/// <summary>What of a connection is proven read, and what is not.</summary>
/// <param name="Id">For labels.</param>
/// <param name="From">What changed from then on is proven read.</param>
/// <param name="Until">Up to then, in every part that is followed.</param>
/// <param name="InWords">The picture, for those who do not see it.</param>
/// <param name="Bars">The picture, by time.</param>
/// <param name="Open">Holes that stand open.</param>
/// <param name="Closed">The newest that were closed, the newest first.</param>
/// <param name="Older">Holes, and intervals between them, that are not shown.</param>
public sealed record CoverageView(
    string Id,
    DateTimeOffset From,
    DateTimeOffset Until,
    string InWords,
    IReadOnlyList<CoverageBar> Bars,
    IReadOnlyList<HoleView> Open,
    IReadOnlyList<HoleView> Closed,
    long Older);

/// <summary>One stretch of the picture.</summary>
/// <param name="Class">How it looks.</param>
/// <param name="At">Where it begins, in thousandths of the whole.</param>
/// <param name="Wide">How wide it is, in thousandths of the whole.</param>
public sealed record CoverageBar(string Class, int At, int Wide);

/// <summary>One hole.</summary>
/// <param name="From">What was proven last before it.</param>
/// <param name="Until">Its end; null while it is open.</param>
/// <param name="NoticedAt">When it was found.</param>
/// <param name="Parts">Which parts of the account it is in.</param>
/// <param name="Why">What opened it, in a sentence.</param>
/// <param name="Next">What happens next and what to do; of a closed one, how it was closed.</param>
/// <param name="IsLate">Nothing is missing in it: news were only found by looking.</param>
public sealed record HoleView(
    DateTimeOffset From, DateTimeOffset? Until, DateTimeOffset NoticedAt, string Parts, string Why, string Next, bool IsLate);
