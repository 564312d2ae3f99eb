using System.Buffers.Text;
using System.Collections.Immutable;
using PracticPro.Audit.Verify;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Audit;

/// <summary>
/// Personal values and their salts, beside the log: one sealed document a leaf, under the leaf's id. Deleting the
/// document takes value and salt at once; the leaf and the tree stay as they are.
/// <code>
/// sealed under audit-pii, context audit-value | leaf id | values | 1:
/// {"recipient":{"salt":"64 hexadecimal digits","value":"…"}}
/// </code>
/// The index <c>about</c> holds a keyed hash of whose values they are; whoever holds the database learns nothing by it.
/// </summary>
internal sealed class AuditValues(TenantKeys keys)
{
    public const string AboutIndex = "about";
    private const string ValuesField = "values";
    private const int Schema = 1;

    public static readonly DocumentKind Kind = DocumentKind.Of("audit-value", AboutIndex);

    /// <summary>For sealing anew.</summary>
    public static readonly SealedKind Sealed = SealedKind.Behind(
        Kind.Name, Purpose.AuditPii, 0, static document => new SealContext(Kind.Name, document.Key.Id, ValuesField, Schema));

    public Document Seal(LeafId leaf, IReadOnlyList<Named<DisclosedValue>> values, AuditSubject? about)
    {
        var plain = DisclosedValues.ToCanonical(values).ToUtf8();
        var body = keys.Seal(Purpose.AuditPii, Context(leaf), plain).Memory;
        var index = about is { } whose
            ? ImmutableDictionary<string, string>.Empty.Add(AboutIndex, About(whose))
            : ImmutableDictionary<string, string>.Empty;
        return new Document(Kind.Key(leaf.Text), body, index);
    }

    public Outcome<ImmutableArray<Named<DisclosedValue>>> Open(LeafId leaf, Document document)
    {
        var opened = keys.Open(Purpose.AuditPii, Context(leaf), new SealedBytes(document.Body));
        if (!opened.Try(out var plain, out var why))
        {
            return why;
        }

        using (plain)
        {
            var reader = new CanonicalReader(plain.Span);
            return DisclosedValues.TryReadValues(ref reader, out var values) && reader.AtEnd
                ? values
                : throw new AuditLogAlteredException("a document of values opens and cannot be read");
        }
    }

    /// <summary>What the index holds for somebody; equal for the same one, and of one length, so a prefix is a match.</summary>
    public string About(AuditSubject whose) =>
        Base64Url.EncodeToString(keys.BlindIndex(Purpose.AuditPii, AboutIndex, $"{whose.Kind}:{whose.Reference}"));

    private static SealContext Context(LeafId leaf) => new(Kind.Name, leaf.Text, ValuesField, Schema);
}
