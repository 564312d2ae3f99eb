using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Vault.Leases;

/// <summary>
/// One tenant's typed records as a session with a lease reads them: one by one and by id. It cannot list, look up by content
/// or write: none of that is in a lease.
/// </summary>
internal sealed class LeasedRecords(IDocuments documents, IOpeningWitness witness, TimeProvider time)
{
    private readonly OpenUnderLease open = new(documents, witness, time);

    /// <summary>The record as it is now; null when there is none. A failure as of <see cref="OpenUnderLease"/>.</summary>
    /// <exception cref="TamperedRecordException">It opened, and is not what this kind of record looks like.</exception>
    public async ValueTask<Outcome<T?>> FindAsync<T>(
        KeyLeaseId lease, SessionKey session, RecordKind<T> kind, string id, CancellationToken cancellation)
        where T : class
    {
        var key = kind.Key(id);
        if (await documents.FindAsync(key, cancellation) is not { } stored)
        {
            return new Outcome<T?>(default(T));
        }

        if (!SealedRecords.TrySplit(stored.Document, out var place, out var value) || !kind.CanRead(place.Schema))
        {
            throw new TamperedRecordException(kind.Documents.Name);
        }

        var opened = await open.RunAsync(lease, session, kind.Purpose, place, value, cancellation);
        if (!opened.Try(out var plain, out var why))
        {
            return why;
        }

        using (plain)
        {
            return new Outcome<T?>(SealedRecords.Parse(kind, key, place.Schema, plain));
        }
    }
}
