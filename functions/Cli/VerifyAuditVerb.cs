using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using PracticPro.Audit.Verify;

namespace PracticPro.Cli;

/// <summary>What a person may tell the verifier beside the folder.</summary>
/// <param name="PinnedKey">Path of a PEM file, or the key's SHA-256 as 64 hexadecimal digits. Null: none is pinned.</param>
/// <param name="EarlierCheckpoint">Path of a checkpoint.txt kept from an older export. Null: none.</param>
/// <param name="AllowUnpinned">Take a consistent log for good although no key is pinned.</param>
/// <param name="Successions">Path of a successions.txt from a place one trusts. Null: only the one in the folder counts.</param>
internal sealed record VerifyAuditOptions(
    string? PinnedKey = null, string? EarlierCheckpoint = null, bool AllowUnpinned = false, string? Successions = null);

/// <summary>
/// <c>verify-audit FOLDER</c>: the verdict on an exported audit log in plain sentences. Exit codes:
/// <code>
/// 0   whole: integrity and completeness hold, signed by the pinned key (or unpinned, if that was allowed)
/// 1   not whole
/// 2   consistent inside, but no key was pinned, so it is not known who signed it
/// 3   could not be checked: no such folder, or the pinned key or earlier checkpoint cannot be read
/// </code>
/// </summary>
internal static class VerifyAuditVerb
{
    public const int Whole = 0;
    public const int NotWhole = 1;
    public const int NotPinned = 2;
    public const int NotChecked = 3;

    public static Command Command(CliCall call)
    {
        var folder = new Argument<string>("FOLDER") { Description = "The exported log." };
        var key = new Option<string?>("--key") { Description = "The public key it must be signed with: a PEM file, or its SHA-256 in hexadecimal." };
        var earlier = new Option<string?>("--earlier") { Description = "A checkpoint.txt kept from an older export: its entries must still be there." };
        var unpinned = new Option<bool>("--allow-unpinned") { Description = "Take a consistent log for good although no key was named." };
        var successions = new Option<string?>("--successions") { Description = "A successions.txt from where keys are published: for an export older than the key one pinned." };
        var command = new Command(
            "verify-audit",
            "Checks an exported audit log with nothing but its files. Exit: 0 whole, 1 not whole, 2 whole but no key named, 3 not checked.")
        {
            folder, key, earlier, unpinned, successions,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetRequiredValue(folder),
            new VerifyAuditOptions(parsed.GetValue(key), parsed.GetValue(earlier), parsed.GetValue(unpinned), parsed.GetValue(successions)),
            call.Output,
            cancellation));
        return command;
    }

    public static Task<int> RunAsync(
        string folder, string? pinnedKeyPath, TextWriter output, CancellationToken cancellation) =>
        RunAsync(folder, new VerifyAuditOptions(pinnedKeyPath), output, cancellation);

    public static async Task<int> RunAsync(
        string folder, VerifyAuditOptions options, TextWriter output, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
        {
            await output.WriteLineAsync("Not checked: there is no such folder.");
            return NotChecked;
        }

        var (pin, pinTrouble) = await ReadPinAsync(options.PinnedKey, cancellation);
        var (earlier, earlierTrouble) = await ReadEarlierAsync(options.EarlierCheckpoint, cancellation);
        var (successions, successionTrouble) = await ReadSuccessionsAsync(options.Successions, cancellation);
        if ((pinTrouble ?? earlierTrouble ?? successionTrouble) is { } trouble)
        {
            await output.WriteLineAsync($"Not checked: {trouble}");
            return NotChecked;
        }

        // Hashing keeps a core busy for as long as it takes; a caller's thread is not kept waiting for it.
        var verdict = await Task.Run(
            () => AuditFolderVerifier.Verify(
                AuditFolderVerifier.OfFolder(folder), new AuditExpectations(pin, earlier, Successions: successions), cancellation),
            cancellation);
        foreach (var sentence in Sentences(verdict))
        {
            await output.WriteLineAsync(sentence);
        }

        return ExitCode(verdict, options.AllowUnpinned);
    }

    private static int ExitCode(AuditVerdict verdict, bool allowUnpinned) => verdict switch
    {
        { IsWhole: true } => Whole,
        { IsConsistent: true, Key: KeyStanding.NotPinned } => allowUnpinned ? Whole : NotPinned,
        _ => NotWhole,
    };

    private static IEnumerable<string> Sentences(AuditVerdict verdict)
    {
        yield return verdict switch
        {
            { IsWhole: true, Key: KeyStanding.PinnedBySuccession } =>
                "Whole. Every entry is there and unchanged, signed by a key that follows the pinned one or came before it.",
            { IsWhole: true } => "Whole. Every entry is there and unchanged, signed by the pinned key.",
            { IsConsistent: true } => "Internally consistent, key not pinned: it is not known who signed this log.",
            _ => "Not whole.",
        };
        yield return verdict.HasIntegrity ? "Integrity: holds." : "Integrity: does not hold, or cannot be shown.";
        yield return verdict.IsComplete
            ? "Completeness: holds, up to the checkpoint."
            : "Completeness: does not hold, or cannot be shown.";
        yield return Text($"Log: {verdict.Origin ?? "unknown"}. Entries: {verdict.Leaves}.");
        yield return Text($"Personal values: {verdict.CommittedValues} logged, {verdict.DisclosedValues} disclosed here and right.");
        yield return $"Key: {verdict.KeyId ?? "none"}.";
        foreach (var defect in verdict.Defects)
        {
            yield return $"- {defect.Sentence}";
        }

        if (verdict.FurtherDefects > 0)
        {
            yield return Text($"- And {verdict.FurtherDefects} more.");
        }
    }

    private static async ValueTask<(string? KeyId, string? Trouble)> ReadPinAsync(
        string? pinned, CancellationToken cancellation)
    {
        if (pinned is null)
        {
            return (null, null);
        }

        if (pinned.Length == 64 && pinned.All(char.IsAsciiHexDigitLower))
        {
            return (pinned, null);
        }

        return await ReadTextAsync(pinned, cancellation) is { } pem && CheckpointKey.TryParse(pem, out var key)
            ? (key.KeyId, null)
            : (null, "the pinned key is not a readable PEM file with one public P-256 key.");
    }

    private static async ValueTask<(CheckpointNote? Note, string? Trouble)> ReadEarlierAsync(
        string? path, CancellationToken cancellation)
    {
        if (path is null)
        {
            return (null, null);
        }

        return await ReadTextAsync(path, cancellation) is { } text && CheckpointNote.TryParse(text, out var note)
            ? (note, null)
            : (null, "the earlier checkpoint cannot be read.");
    }

    private static async ValueTask<(ImmutableArray<SuccessionNote> Notes, string? Trouble)> ReadSuccessionsAsync(
        string? path, CancellationToken cancellation)
    {
        if (path is null)
        {
            return ([], null);
        }

        return await ReadTextAsync(path, cancellation) is { } text && SuccessionNote.TryParseAll(text, out var notes)
            ? (notes, null)
            : ([], "the statements of succession cannot be read, or are not signed by both their keys.");
    }

    private static async ValueTask<string?> ReadTextAsync(string path, CancellationToken cancellation) =>
        File.Exists(path) ? await File.ReadAllTextAsync(path, cancellation) : null;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
