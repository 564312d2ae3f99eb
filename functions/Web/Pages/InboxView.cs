namespace PracticPro.Web.Pages;

/// <summary>The approval inbox, one tab of it.</summary>
/// <param name="Frame">Around it.</param>
/// <param name="Tabs">All tabs, in order.</param>
/// <param name="Sections">What is in the open one.</param>
/// <param name="Empty">What to do when there is nothing.</param>
public sealed record InboxView(
    FrameView Frame, IReadOnlyList<TabView> Tabs, IReadOnlyList<SectionView> Sections, string Empty);

/// <summary>A tab.</summary>
/// <param name="Name">On it.</param>
/// <param name="Address">Behind it.</param>
/// <param name="Open">The one that is shown.</param>
/// <param name="Count">How many; null where counting is not cheap.</param>
public sealed record TabView(string Name, string Address, bool Open, string? Count);

/// <summary>A list with its heading.</summary>
/// <param name="Heading">Null when the tab has but one list.</param>
/// <param name="Rows">The approvals.</param>
/// <param name="Older">Address of the next page, or null.</param>
public sealed record SectionView(string? Heading, IReadOnlyList<RowView> Rows, string? Older);

/// <summary>One approval in a list.</summary>
/// <param name="Address">Of its page.</param>
/// <param name="To">Names of the recipients.</param>
/// <param name="Subject">Of the mail.</param>
/// <param name="Because">Why it is proposed.</param>
/// <param name="At">When it was proposed.</param>
/// <param name="Age">The same, as one would say it.</param>
/// <param name="Badge">What the gates say, or the state.</param>
/// <param name="BadgeClass">How the badge looks.</param>
public sealed record RowView(
    string Address, string To, string Subject, string Because, DateTimeOffset At, string Age, string Badge, string BadgeClass);
