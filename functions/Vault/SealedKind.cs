using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Vault;

/// <summary>One sealed value inside a document's body.</summary>
/// <param name="Offset">Where it begins, in bytes.</param>
/// <param name="Length">Its length in bytes, header and tag included.</param>
internal readonly record struct SealedPart(int Offset, int Length, SealContext Context)
{
    public SealedBytes Of(ReadOnlyMemory<byte> body) => new(body.Slice(Offset, Length));
}

/// <summary>
/// Where the sealed values of one kind of document lie, so that they can be sealed anew without anybody knowing what they say.
/// Every kind that is sealed has one and is registered by its room; a document of a kind that is not known is never taken for
/// one that needs no key.
/// </summary>
/// <param name="Name">The document kind.</param>
/// <param name="Purpose">Whose keys seal it.</param>
/// <param name="Parts">The sealed values of a document of this kind, none of them overlapping.</param>
internal sealed record SealedKind(string Name, Purpose Purpose, Func<Document, IReadOnlyList<SealedPart>> Parts)
{
    /// <summary>A kind whose whole body is one sealed value, behind some bytes of its own.</summary>
    public static SealedKind Behind(string name, Purpose purpose, int bytes, Func<Document, SealContext> context) =>
        new(name, purpose, document => [new SealedPart(bytes, document.Body.Length - bytes, context(document))]);

    /// <summary>
    /// The oldest generation of keys that a value in the document is sealed under; 0, which is none, for a value whose header
    /// this program does not know: nothing proves that it needs no old key.
    /// </summary>
    /// <exception cref="TamperedRecordException">It holds no sealed value where one must be.</exception>
    public uint OldestGeneration(Document document) => PartsOf(document).Min(part =>
        part.Of(document.Body).Span is [SealedFormat.Version1, SealedFormat.Suite1, ..] known
            ? SealedFormat.Generation(known)
            : 0u);

    /// <summary>
    /// The same document, its values sealed under the newest keys. Sealed values of one content have one length, so nothing
    /// else in it moves.
    /// </summary>
    /// <exception cref="TamperedRecordException">A value does not open.</exception>
    public Document Reseal(TenantKeys keys, Document document)
    {
        var body = document.Body.ToArray();
        foreach (var part in PartsOf(document))
        {
            var opened = keys.Open(Purpose, part.Context, part.Of(document.Body));
            if (!opened.Try(out var plain, out var why))
            {
                // A generation these keys do not have may be newer than they are: the record can be whole.
                throw why is VaultFailures.UnknownGeneration
                    ? new UnexpectedFailureException(why)
                    : new TamperedRecordException(Name);
            }

            using (plain)
            {
                keys.Seal(Purpose, part.Context, plain.Span).Span.CopyTo(body.AsSpan(part.Offset, part.Length));
            }
        }

        return document with { Body = body };
    }

    private IReadOnlyList<SealedPart> PartsOf(Document document)
    {
        if (document.Body.Length < SealedFormat.OverheadBytes)
        {
            throw new TamperedRecordException(Name);
        }

        var parts = Parts(document);
        return parts.Count > 0 && parts.All(part => part.Offset >= 0 && part.Length >= SealedFormat.OverheadBytes
            && part.Offset + part.Length <= document.Body.Length)
                ? parts
                : throw new TamperedRecordException(Name);
    }
}

/// <summary>All kinds of documents there are: the sealed ones, and those that hold nothing that must be sealed.</summary>
internal sealed class SealedKinds
{
    private readonly Dictionary<string, SealedKind> sealedKinds;
    private readonly HashSet<string> plainKinds;

    /// <exception cref="ArgumentException">A kind is registered twice.</exception>
    public SealedKinds(IEnumerable<SealedKind> sealedKinds, IEnumerable<PlainKind> plainKinds)
    {
        this.sealedKinds = sealedKinds.ToDictionary(kind => kind.Name, StringComparer.Ordinal);
        this.plainKinds = plainKinds.Select(kind => kind.Name).Append(DataKeyRecord.Documents.Name).ToHashSet(StringComparer.Ordinal);
        if (this.sealedKinds.Keys.Any(this.plainKinds.Contains))
        {
            throw new ArgumentException("A kind is registered as sealed and as plain.", nameof(plainKinds));
        }
    }

    public IReadOnlyCollection<string> Sealed => sealedKinds.Keys;

    public SealedKind? Find(string name) => sealedKinds.GetValueOrDefault(name);

    /// <summary>True for a kind that is known to hold nothing sealed. A kind nobody registered is not plain.</summary>
    public bool IsPlain(string name) => plainKinds.Contains(name);
}

/// <summary>A kind of document that is stored unsealed because it holds neither content nor personal values.</summary>
internal sealed record PlainKind(string Name);
