namespace PracticPro.Web.Pages;

/// <summary>A page of the audit log, newest first.</summary>
/// <param name="Frame">Around it.</param>
/// <param name="Entries">The leaves.</param>
/// <param name="Older">Address of the next page, or null.</param>
/// <param name="MayExport">Whether the person may export the log.</param>
public sealed record AuditView(FrameView Frame, IReadOnlyList<EntryView> Entries, string? Older, bool MayExport);

/// <summary>One leaf, for people.</summary>
/// <param name="Index">Its place in the log.</param>
/// <param name="At">When.</param>
/// <param name="Who">A person's name, or the program.</param>
/// <param name="Did">What, in plain words.</param>
/// <param name="Act">The register's word.</param>
/// <param name="Details">Ids, counts and values, one text each.</param>
public sealed record EntryView(
    long Index, DateTimeOffset At, string Who, string Did, string Act, IReadOnlyList<string> Details);
