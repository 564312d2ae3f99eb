namespace PracticPro.Sandbox.Mail;

/// <summary>One message of a corpus: where it came from, its exact bytes, and what its header says.</summary>
internal sealed record CorpusMessage(string Origin, byte[] Raw, Envelope Envelope)
{
    /// <summary>True when the folder it lay in is called spam.</summary>
    public bool LooksLikeSpam =>
        Path.GetDirectoryName(Origin)?.Contains("spam", StringComparison.OrdinalIgnoreCase) == true;
}

/// <summary>
/// Reads a folder of real mail, subfolders included: .eml and .txt files hold one message each, .mbox files many.
/// Other files are passed over. The order is that of the relative paths, so it is the same everywhere.
/// </summary>
internal static class MailFolder
{
    public static IReadOnlyList<CorpusMessage> Load(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Where(file => Path.GetExtension(file).ToLowerInvariant() is ".eml" or ".txt" or ".mbox")
            .Order(StringComparer.Ordinal)];
        return [.. files.AsParallel().AsOrdered().SelectMany(file => ReadFile(folder, file))];
    }

    private static IEnumerable<CorpusMessage> ReadFile(string folder, string file)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(folder, file));
        return Path.GetExtension(file).Equals(".mbox", StringComparison.OrdinalIgnoreCase)
            ? Mbox.Split(bytes).Select((raw, index) => Message($"{file}#{index}", raw))
            : [Message(file, Mbox.WithoutFromLine(bytes))];
    }

    public static CorpusMessage Message(string origin, byte[] raw) => new(origin, raw, Envelope.Read(raw));
}
