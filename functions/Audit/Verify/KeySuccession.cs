using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace PracticPro.Audit.Verify;

/// <summary>Why a key that signs checkpoints was followed by another.</summary>
internal enum SuccessionReason
{
    /// <summary>It was its time. What the old key signed stays good.</summary>
    Scheduled,

    /// <summary>Somebody else may hold the old key. What it signed counts for nothing any more, except where it was signed anew.</summary>
    Compromised,
}

/// <summary>
/// That one signing key is followed by another. The text, five lines, each ended by a line feed:
/// <code>
/// practicpro/key-succession/v1     opening: nothing else that is signed begins so
/// MFkwEwYHKoZIzj0CAQYI…            old key, SubjectPublicKeyInfo in standard base64
/// MFkwEwYHKoZIzj0CAQYI…            new key, the same
/// 1798365600000                    from when the new one signs, Unix milliseconds
/// scheduled                        or compromised
/// </code>
/// It holds both keys whole: who has one of them learns the other. It names no platform, and need not: it speaks of two keys,
/// and only of them.
/// </summary>
internal sealed record KeySuccession(CheckpointKey Old, CheckpointKey New, long FromMilliseconds, SuccessionReason Reason)
{
    public const string Opening = "practicpro/key-succession/v1";
    public const int Lines = 5;

    public string Text => string.Create(
        CultureInfo.InvariantCulture, $"{Opening}\n{Old.Encoded}\n{New.Encoded}\n{FromMilliseconds}\n{Word(Reason)}\n");

    public static bool TryParse(string text, out KeySuccession succession)
    {
        succession = null!;
        var lines = text.Split('\n');
        if (lines.Length != Lines + 1 || lines[0] != Opening
            || !CheckpointKey.TryDecode(lines[1], out var old) || !CheckpointKey.TryDecode(lines[2], out var next)
            || old.Equals(next)
            || !long.TryParse(lines[3], NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            || Reasons().FirstOrDefault(reason => Word(reason) == lines[4], (SuccessionReason)(-1)) is var why && !Enum.IsDefined(why))
        {
            return false;
        }

        succession = new KeySuccession(old, next, from, why);
        return succession.Text == text;
    }

    private static SuccessionReason[] Reasons() => [SuccessionReason.Scheduled, SuccessionReason.Compromised];

    private static string Word(SuccessionReason reason) => reason == SuccessionReason.Scheduled ? "scheduled" : "compromised";
}

/// <summary>
/// A succession with the signatures of both keys: the old one's says who follows, the new one's that it knows of it.
/// <code>
/// text of the succession, five lines
/// (empty line)
/// — 64 hexadecimal digits BASE64       em dash, blank, SHA-256 of the old key, blank, its signature (ECDSA P-256 SHA-256, DER)
/// — 64 hexadecimal digits BASE64       the same of the new key
/// </code>
/// Both sign the five lines, each with its line feed. Only the exact spelling is read.
/// </summary>
internal sealed record SuccessionNote(KeySuccession Succession, string OldSignature, string NewSignature)
{
    /// <summary>Of a file of them: far more than a key a year needs.</summary>
    public const int MaximumFileLength = 256 * 1024;

    private const string Dash = "\u2014 ";
    private const int NoteLines = KeySuccession.Lines + 3;

    public string Text => $"{Succession.Text}\n{Line(Succession.Old, OldSignature)}\n{Line(Succession.New, NewSignature)}\n";

    private ReadOnlySpan<byte> Signed => Encoding.UTF8.GetBytes(Succession.Text);

    /// <param name="oldSignature"><c>r | s</c>, 32 bytes each, over <see cref="KeySuccession.Text"/>.</param>
    /// <param name="newSignature">The same by the new key.</param>
    public static SuccessionNote Of(KeySuccession succession, ReadOnlySpan<byte> oldSignature, ReadOnlySpan<byte> newSignature) => new(
        succession,
        Convert.ToBase64String(CheckpointKey.ToDer(oldSignature)),
        Convert.ToBase64String(CheckpointKey.ToDer(newSignature)));

    public static bool TryParse(string text, out SuccessionNote note)
    {
        note = null!;
        var lines = text.Split('\n');
        if (lines.Length != NoteLines + 1 || lines[KeySuccession.Lines].Length > 0
            || !KeySuccession.TryParse(string.Join('\n', lines[..KeySuccession.Lines]) + "\n", out var succession))
        {
            return false;
        }

        note = new SuccessionNote(
            succession,
            Signature(lines[KeySuccession.Lines + 1], succession.Old),
            Signature(lines[KeySuccession.Lines + 2], succession.New));
        return note.Text == text && note.IsSigned();
    }

    /// <summary>A file of notes, one behind the other. False when one of them is not to be relied on: then none is.</summary>
    public static bool TryParseAll(string text, out ImmutableArray<SuccessionNote> notes)
    {
        var found = ImmutableArray.CreateBuilder<SuccessionNote>();
        var lines = text.Split('\n');
        for (var at = 0; at + NoteLines < lines.Length; at += NoteLines)
        {
            if (!TryParse(string.Join('\n', lines[at..(at + NoteLines)]) + "\n", out var note))
            {
                break;
            }

            found.Add(note);
        }

        notes = found.ToImmutable();
        return string.Concat(notes.Select(note => note.Text)) == text;
    }

    /// <summary>True when both signatures are good and spelled as this program spells them.</summary>
    public bool IsSigned() => IsBy(Succession.Old, OldSignature) && IsBy(Succession.New, NewSignature);

    private static string Line(CheckpointKey key, string signature) => $"{Dash}{key.KeyId} {signature}";

    private static string Signature(string line, CheckpointKey key)
    {
        var opening = $"{Dash}{key.KeyId} ";
        return line.StartsWith(opening, StringComparison.Ordinal) ? line[opening.Length..] : "";
    }

    private bool IsBy(CheckpointKey key, string signature)
    {
        var bytes = new byte[signature.Length];
        return Convert.TryFromBase64String(signature, bytes, out var written)
            && Convert.ToBase64String(bytes.AsSpan(0, written)) == signature
            && key.Verifies(Signed, bytes.AsSpan(0, written));
    }
}
