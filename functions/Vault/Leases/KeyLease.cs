using System.Collections.Immutable;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Vault.Leases;

/// <summary>
/// What is said of a lease: for whom, until when, and for which keys. All of it is authenticated by the wrap beside it, so
/// none of it can be changed and still open anything.
/// </summary>
/// <param name="Session">The session's public key, <see cref="SessionKey.PublicBytes"/> bytes.</param>
/// <param name="NotBefore">To the millisecond.</param>
/// <param name="NotAfter">The first moment at which nothing opens any more; to the millisecond.</param>
internal sealed record KeyLeaseTerms(
    TenantId Tenant,
    KeyLeaseId Id,
    ReadOnlyMemory<byte> Session,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    KeyLeaseScope Scope);

/// <summary>
/// One lease as it is stored: document kind <c>key-lease</c>, by its id; the bytes are drawn in
/// <see cref="KeyLeaseFormat"/>. Not sealed: the session that reads it holds no key of the tenant. It holds kinds, ids and
/// times, and a wrap that only the session's private key opens. Deleting the document is what ends a lease.
/// </summary>
/// <param name="Bytes">All of it: terms, then wrap.</param>
/// <param name="WrapAt">Where the terms end and the wrap begins.</param>
internal sealed record KeyLease(KeyLeaseTerms Terms, ReadOnlyMemory<byte> Bytes, int WrapAt)
{
    public const string ByEnd = "by-end";

    public static readonly DocumentKind Documents = DocumentKind.Of("key-lease", ByEnd);

    public static DocumentKey KeyOf(KeyLeaseId id) => Documents.Key(id.Text);

    public Document ToDocument() =>
        new(
            KeyOf(Terms.Id),
            Bytes,
            ImmutableDictionary<string, string>.Empty.Add(ByEnd, IndexText.Time(Terms.NotAfter)));

    /// <summary>The lease a document holds, or null when it is none, or another tenant's, or another lease put in its place.</summary>
    public static KeyLease? Of(TenantId tenant, Document document) =>
        KeyLeaseFormat.TryRead(document.Body, out var lease)
        && lease.Terms.Tenant == tenant
        && lease.Terms.Id.Text == document.Key.Id
            ? lease
            : null;
}
