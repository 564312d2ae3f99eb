using System.Globalization;
using System.Text;

namespace PracticPro.Audit.Verify;

/// <summary>
/// What a log was at one moment: whose it is, how many leaves, which root. The text is that of a tlog-checkpoint
/// (c2sp.org/tlog-checkpoint), three lines, each ended by a line feed, nothing more.
/// <code>
/// practicpro/audit/v1/clinic-a                     origin: names this log and no other
/// 1284                                             leaves, decimal, no leading zero
/// XcnafacKZZqa1Vl8sB3tmiqrnYI60q0vSWDP43DvRGA=     root, standard base64 of 32 bytes
/// </code>
/// </summary>
internal sealed record Checkpoint(string Origin, long Size, TreeHash Root)
{
    public const string OriginPrefix = "practicpro/audit/v1/";

    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Root.ToBase64()}\n");

    public static bool TryParse(string text, out Checkpoint checkpoint)
    {
        checkpoint = null!;
        var lines = text.Split('\n');
        if (lines.Length != 4 || lines[3].Length > 0 || !IsOrigin(lines[0])
            || !long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || !TreeHash.TryParseBase64(lines[2], out var root))
        {
            return false;
        }

        checkpoint = new Checkpoint(lines[0], size, root);

        // Leading zeros and the like: only the text this type would write is a checkpoint.
        return checkpoint.Text == text;
    }

    // c2sp.org/signed-note: a key name holds no blank and no plus sign.
    private static bool IsOrigin(string text) =>
        text.StartsWith(OriginPrefix, StringComparison.Ordinal)
        && text.Length > OriginPrefix.Length
        && text.All(symbol => symbol is > ' ' and < (char)0x7f and not '+');
}

/// <summary>
/// A checkpoint with its signature, as a signed note (c2sp.org/signed-note).
/// <code>
/// checkpoint text, three lines
/// (empty line)
/// — practicpro/audit/v1/clinic-a BASE64           em dash, blank, origin, blank, base64 of:
///                                                   4 bytes   first of SHA-256 over the signer's public key
///                                                   n bytes   ECDSA P-256 SHA-256 over the checkpoint text, DER
/// </code>
/// One signature line. The signature covers the text up to and with its last line feed, not the empty line.
/// </summary>
internal sealed record CheckpointNote(Checkpoint Checkpoint, string SignatureLine)
{
    public const int MaximumLength = 4096;
    private const string Dash = "\u2014 ";

    public string Text => $"{Checkpoint.Text}\n{SignatureLine}\n";

    public byte[] Signed => Encoding.UTF8.GetBytes(Checkpoint.Text);

    /// <param name="signature"><c>r | s</c>, 32 bytes each, over <see cref="Checkpoint.Text"/>.</param>
    public static CheckpointNote Of(Checkpoint checkpoint, CheckpointKey key, ReadOnlySpan<byte> signature)
    {
        var line = Convert.ToBase64String([.. key.Hint, .. CheckpointKey.ToDer(signature)]);
        return new CheckpointNote(checkpoint, $"{Dash}{checkpoint.Origin} {line}");
    }

    public static bool TryParse(string text, out CheckpointNote note)
    {
        note = null!;
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (text.Length > MaximumLength || end < 0 || !Checkpoint.TryParse(text[..(end + 1)], out var checkpoint))
        {
            return false;
        }

        note = new CheckpointNote(checkpoint, text[(end + 2)..].TrimEnd('\n'));
        return note.Text == text && note.TrySignature(out _);
    }

    /// <summary>True when the one signature line is this key's, over this text.</summary>
    public bool IsSignedBy(CheckpointKey key) =>
        TrySignature(out var signature)
        && signature.AsSpan(0, 4).SequenceEqual(key.Hint)
        && key.Verifies(Signed, signature.AsSpan(4));

    // Base64 is taken only as this program writes it: a second spelling of a signature would be an unseen edit.
    private bool TrySignature(out byte[] signature)
    {
        signature = [];
        var opening = $"{Dash}{Checkpoint.Origin} ";
        if (!SignatureLine.StartsWith(opening, StringComparison.Ordinal))
        {
            return false;
        }

        var base64 = SignatureLine[opening.Length..];
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var written) || written <= 4)
        {
            return false;
        }

        signature = bytes[..written];
        return Convert.ToBase64String(signature) == base64;
    }
}
