namespace PracticPro.Cli;

/// <summary>
/// Takes the settings out of a command line. A setting is recognised by the colon in its name, which no option of a
/// verb has: <c>--Standalone:Folder DIR</c> or <c>--Standalone:Folder=DIR</c>, anywhere in the line.
/// </summary>
internal static class SettingWords
{
    /// <param name="Words">What is left for the verbs.</param>
    /// <param name="Settings">Pairs of a name and a value, one word each.</param>
    /// <param name="Problem">A setting without a value; null when all have one.</param>
    internal sealed record Line(string[] Words, string[] Settings, string? Problem);

    public static Line Split(IReadOnlyList<string> args)
    {
        List<string> words = [];
        List<string> settings = [];
        for (var at = 0; at < args.Count; at++)
        {
            var word = args[at];
            if (!IsSetting(word))
            {
                words.Add(word);
            }
            else if (word.IndexOf('=', StringComparison.Ordinal) is var equals and > 0)
            {
                settings.AddRange([word[..equals], word[(equals + 1)..]]);
            }
            else if (++at < args.Count)
            {
                settings.AddRange([word, args[at]]);
            }
            else
            {
                return new Line([], [], $"{word} needs a value.");
            }
        }

        return new Line([.. words], [.. settings], null);
    }

    // A value may hold a colon, so only what stands before an equals sign counts.
    private static bool IsSetting(string word) =>
        word.StartsWith("--", StringComparison.Ordinal)
        && word.Split('=')[0] is { Length: > 4 } name
        && char.IsAsciiLetterUpper(name[2])
        && name.Contains(':', StringComparison.Ordinal);
}
