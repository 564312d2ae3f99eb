using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using PracticPro.Audit.Verify;

namespace PracticPro.Keys.Destruction;

/// <summary>
/// A certificate with its signature, as a signed note (c2sp.org/signed-note), to be checked with the platform's public key
/// and nothing else. The first line keeps its signatures apart from those of audit checkpoints, which one key makes too.
/// <code>
/// practicpro/key-destruction/v1
/// {"announcedAt":…}                                     one line (CertificateText)
/// (empty line)
/// — practicpro/key-destruction/v1/TENANT BASE64         em dash, blank, name, blank, base64 of:
///                                                         4 bytes  first of SHA-256 over the signer's public key
///                                                         n bytes  ECDSA P-256 SHA-256 over the first two lines, DER
/// </code>
/// </summary>
internal sealed class CertificateNote
{
    public const int MaximumLength = 1 << 20;

    private const string Domain = "practicpro/key-destruction/v1";
    private const string Dash = "\u2014 ";
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly string signed;
    private readonly byte[] signature;

    private CertificateNote(string signed, byte[] signature, CertificateFacts facts) =>
        (this.signed, this.signature, Facts) = (signed, signature, facts);

    public CertificateFacts Facts { get; }

    public string Text => $"{signed}\n{Dash}{Domain}/{Facts.Tenant} {Convert.ToBase64String(signature)}\n";

    /// <summary>The bytes that are signed.</summary>
    public static byte[] Signed(ReadOnlySpan<byte> certificate) =>
        [.. Encoding.ASCII.GetBytes(Domain), (byte)'\n', .. certificate, (byte)'\n'];

    /// <param name="signature"><c>r | s</c>, 32 bytes each, over <see cref="Signed"/>.</param>
    public static CertificateNote Of(ReadOnlySpan<byte> certificate, CheckpointKey key, ReadOnlySpan<byte> signature)
    {
        var signed = Strict.GetString(Signed(certificate));
        return TryFacts(signed, out var facts)
            ? new CertificateNote(signed, [.. key.Hint, .. CheckpointKey.ToDer(signature)], facts)
            : throw new InvalidOperationException("A certificate does not read back.");
    }

    /// <summary>True for a text of this shape; whether it is true is for <see cref="IsSignedBy"/>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out CertificateNote? note)
    {
        note = null;
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (text.Length > MaximumLength || end < 0 || !TryFacts(text[..(end + 1)], out var facts))
        {
            return false;
        }

        var opening = $"{Dash}{Domain}/{facts.Tenant} ";
        var line = text[(end + 2)..];
        if (!line.StartsWith(opening, StringComparison.Ordinal) || !line.EndsWith('\n'))
        {
            return false;
        }

        var base64 = line[opening.Length..^1];
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var written) || written <= 4)
        {
            return false;
        }

        note = new CertificateNote(text[..(end + 1)], bytes[..written], facts);

        // A second spelling of one note would be an unseen edit.
        return note.Text == text;
    }

    /// <summary>True when the signature is this key's, over exactly this text.</summary>
    public bool IsSignedBy(CheckpointKey key) =>
        signature.AsSpan(0, 4).SequenceEqual(key.Hint) && key.Verifies(Strict.GetBytes(signed), signature.AsSpan(4));

    private static bool TryFacts(string signed, [NotNullWhen(true)] out CertificateFacts? facts)
    {
        facts = null;
        var lines = signed.Split('\n');
        if (lines is not [Domain, var json, ""])
        {
            return false;
        }

        try
        {
            using var read = JsonDocument.Parse(json);
            facts = CertificateFacts.Of(read.RootElement);
            return facts is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>What of a certificate is read by programs; all else is for people.</summary>
/// <param name="State"><c>sealed</c> or <c>final</c>.</param>
/// <param name="FinalAt">Null unless it is final.</param>
internal sealed record CertificateFacts(
    string Tenant, string State, DateTimeOffset SealedAt, DateTimeOffset FinalFrom, DateTimeOffset? FinalAt, int Samples)
{
    public bool IsFinal => State == CertificateText.FinalWord;

    /// <summary>Null when it is not a certificate of shape 1.</summary>
    public static CertificateFacts? Of(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty("shape", out var shape) && shape.ValueKind == JsonValueKind.Number
        && shape.TryGetInt32(out var number) && number == 1
        && TextOf(json, "tenant") is { Length: > 0 } tenant && !tenant.Contains(' ', StringComparison.Ordinal)
        && TextOf(json, "state") is CertificateText.SealedWord or CertificateText.FinalWord
        && TimeOf(json, "sealedAt") is { } sealedAt
        && TimeOf(json, "finalFrom") is { } finalFrom
        && json.TryGetProperty("samples", out var samples) && samples.ValueKind == JsonValueKind.Array
            ? new CertificateFacts(
                tenant, TextOf(json, "state")!, sealedAt, finalFrom, TimeOf(json, "finalAt"), samples.GetArrayLength())
            : null;

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? TimeOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        && value.TryGetDateTimeOffset(out var at) ? at : null;
}
