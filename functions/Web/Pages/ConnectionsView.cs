namespace PracticPro.Web.Pages;

/// <summary>The connections page.</summary>
/// <param name="Frame">Around it.</param>
/// <param name="Connections">All of them.</param>
/// <param name="Choices">What can be connected here.</param>
/// <param name="MayManage">Whether the person may connect and disconnect.</param>
/// <param name="MayDraft">Whether the person may ask for drafts.</param>
public sealed record ConnectionsView(
    FrameView Frame,
    IReadOnlyList<ConnectionView> Connections,
    IReadOnlyList<ConnectChoice> Choices,
    bool MayManage,
    bool MayDraft);

/// <summary>One provider that can be connected.</summary>
/// <param name="Title">What people call it.</param>
/// <param name="Address">Where its form posts to.</param>
public sealed record ConnectChoice(string Title, string Address);

/// <summary>One connection.</summary>
/// <param name="Address">The forms post below it.</param>
/// <param name="Id">For labels.</param>
/// <param name="Account">What its owner calls it: a mail address, a company's name.</param>
/// <param name="Provider">Where it is.</param>
/// <param name="State">In a word.</param>
/// <param name="Class">How the word looks.</param>
/// <param name="Meaning">In a sentence, with what to do.</param>
/// <param name="Active">It is connected.</param>
/// <param name="CanDisconnect">There is something to end.</param>
/// <param name="Done">Things read so far in the first reading; null once in step.</param>
/// <param name="Total">Of so many, about.</param>
/// <param name="Trouble">What goes wrong for now, or null.</param>
/// <param name="LookedAt">When it was last looked at.</param>
/// <param name="LookedAgo">The same, as one would say it.</param>
public sealed record ConnectionView(
    string Address,
    string Id,
    string Account,
    string Provider,
    string State,
    string Class,
    string Meaning,
    bool Active,
    bool CanDisconnect,
    int? Done,
    int Total,
    string? Trouble,
    DateTimeOffset? LookedAt,
    string LookedAgo)
{
    /// <summary>What of it is proven read; null while nothing is.</summary>
    public CoverageView? Coverage { get; init; }

    /// <summary>Replies can be drafted for it.</summary>
    public bool CanDraft { get; init; }

    /// <summary>Where the button that connects it again posts to; null when it is well.</summary>
    public string? Reconnect { get; init; }

    /// <summary>What disconnecting will do.</summary>
    public string OnDisconnect { get; init; } = "";

    /// <summary>Where the owner takes PracticPro off the list at the provider, when that is left to do.</summary>
    public string? ConsentsPage { get; init; }
}
