namespace PracticPro.Keys.Destruction;

/// <summary>For how long copies of the store may still hold what was erased from it.</summary>
/// <param name="Kind">What sort of copies, a word of the certificate: <c>none</c>, <c>folder</c>, <c>account</c>.</param>
/// <param name="Window">How far back they go; zero where there are none.</param>
internal sealed record BackupTerms(string Kind, TimeSpan Window)
{
    /// <summary>No copies are made by the program.</summary>
    public static readonly BackupTerms None = new("none", TimeSpan.Zero);

    /// <summary>Pieces in a backup folder.</summary>
    public static BackupTerms Folder(TimeSpan window) => new("folder", window);

    /// <summary>
    /// The account's continuous backup. Its tier, 7 or 30 days, is the deployment's and not known to the program, so the
    /// longer one is taken.
    /// </summary>
    public static readonly BackupTerms Account = new("account", TimeSpan.FromDays(30));

    /// <summary>From then on no copy is left of what was erased at that moment.</summary>
    public DateTimeOffset AgesOutAt(DateTimeOffset erasedAt) => erasedAt + Window;
}
