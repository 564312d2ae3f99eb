namespace PracticPro.Vault;

/// <summary>
/// What a data key is for. Each tenant has one chain of keys a purpose; none opens what another sealed.
/// </summary>
internal enum Purpose
{
    /// <summary>Documents of every kind that has no purpose of its own.</summary>
    Records,

    /// <summary>Clinical notes. Support staff never hold this purpose.</summary>
    Notes,

    /// <summary>Tokens of connected accounts.</summary>
    Tokens,

    /// <summary>Packages handed out to the customer.</summary>
    Export,

    /// <summary>Personal values beside the audit log, so that they can be shredded alone.</summary>
    AuditPii,

    /// <summary>What an import holds for minutes before it is mapped.</summary>
    Staging,
}

/// <summary>The wire words of purposes. They are part of what is authenticated: a word never changes.</summary>
internal static class PurposeWords
{
    // Same order as the enum; a test holds the two together.
    private static readonly string[] Words = ["records", "notes", "tokens", "export", "audit-pii", "staging"];

    public static IReadOnlyList<Purpose> All { get; } = Enum.GetValues<Purpose>();

    /// <summary>The purpose of a word, or null when there is none.</summary>
    public static Purpose? Find(string word) => Array.IndexOf(Words, word) is >= 0 and var at ? (Purpose)at : null;

    public static string Word(this Purpose purpose) =>
        (uint)purpose < (uint)Words.Length
            ? Words[(int)purpose]
            : throw new ArgumentOutOfRangeException(nameof(purpose), "No such purpose.");
}
