using System.Text.Json.Serialization;
using PracticPro.Kernel;

namespace PracticPro.Web.Pages;

// The views are public because components are: Razor makes them so, and their parameters have to be. They hold texts
// ready to show, nothing of the rooms behind.

/// <summary>What is around every page.</summary>
/// <param name="Title">Of the page, and never of anything on it: titles end up in histories.</param>
/// <param name="Tab">Which part of the program is open; empty when nobody is signed in.</param>
/// <param name="Style">Address of the style sheet.</param>
/// <param name="Icon">Address of the icon.</param>
[JsonConverter(typeof(NeverJson<FrameView>))]
public sealed record FrameView(string Title, string Tab, string Style, string Icon)
{
    /// <summary>Who is signed in; null for nobody.</summary>
    public string? Person { get; init; }

    /// <summary>Where.</summary>
    public string Practice { get; init; } = "";

    /// <summary>The session's token, for every form.</summary>
    public string Csrf { get; init; } = "";

    /// <summary>Whether the person may read the audit log.</summary>
    public bool ShowsAudit { get; init; }

    /// <summary>What the practice has to see to, on every page until it is done.</summary>
    public IReadOnlyList<NoticeView> Notices { get; init; } = [];

    /// <summary>What was just done.</summary>
    public string? Note { get; init; }

    /// <summary>What just failed, and what to do next.</summary>
    public string? Trouble { get; init; }

    /// <summary>Load again after so many seconds, while something is under way.</summary>
    public int? RefreshSeconds { get; init; }

    /// <summary>Nothing: the token is in it.</summary>
    public override string ToString() => "***";
}

/// <summary>One thing to see to.</summary>
/// <param name="What">What happened.</param>
/// <param name="Why">Why, and what to do.</param>
/// <param name="Mend">Where the button that mends it posts to; null for a reader who may not.</param>
public sealed record NoticeView(string What, string Why, string? Mend);
