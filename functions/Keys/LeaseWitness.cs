using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using PracticPro.Audit;
using PracticPro.Audit.Verify;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;
using PracticPro.Vault.Leases;

namespace PracticPro.Keys;

/// <summary>
/// Writes the leaf that stands in front of every open under a lease: which lease, which session, which thing. It holds no
/// key either: such a leaf has ids in it and no personal value.
/// </summary>
internal sealed class LeaseWitness(IStorage storage, TimeProvider time) : IOpeningWitness
{
    private static readonly Actor Session = new Actor.Job("key-lease-session");

    public async ValueTask<Outcome<Done>> WitnessAsync(
        KeyLeaseTerms lease, Purpose purpose, SealContext place, CancellationToken cancellation)
    {
        var entry = new AuditEntry(Session, AuditAct.LeaseOpened)
            .On("key-lease", lease.Id.Text)
            .On("session-key", Thumbprint(lease))
            .On("purpose", purpose.Word())
            .On("record-kind", place.Kind)
            .On("record", Reference(place.Id));
        var documents = storage.For(lease.Tenant).Documents;
        var outcome = await documents.CommitAsync(new Batch([AuditTrail.ComposeLeaf(entry, time)]), cancellation);
        return outcome is CommitOutcome.Committed ? Done.Value : new KeysFailures.NotWitnessed();
    }

    /// <summary>Names a session's key in leaves: 22 characters of the hash of its public half.</summary>
    public static string Thumbprint(KeyLeaseTerms lease) =>
        Base64Url.EncodeToString(SHA256.HashData(lease.Session.Span).AsSpan(0, 16));

    // An id with a symbol that no leaf may hold is named by its hash, rather than not opened for it.
    private static string Reference(string id) =>
        LeafWords.IsToken(id) ? id : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))}";
}
