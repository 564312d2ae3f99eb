using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Cli;

/// <summary>
/// The wrapped data keys of a scratch vault, one JSON file a tenant, and nothing else: the part of the storage port
/// that opening a tenant's keys needs. A whole file is written at once under its final name; whoever finds the name
/// taken has lost, so many processes agree on one set of keys; the embedded storage takes its folder for one process,
/// and <c>seal | open</c> is two. Not for anything but <see cref="ScratchVault"/>.
/// </summary>
internal sealed class ScratchStorage(string folder, TimeProvider time) : IStorage
{
    public ITenantStorage For(TenantId tenant) => new OneTenant(tenant, folder, time);

    private sealed class OneTenant(TenantId tenant, string folder, TimeProvider time) : ITenantStorage, IDocuments
    {
        public TenantId Tenant => tenant;

        public IDocuments Documents => this;

        public IAppendLog Logs => throw Absent();

        public IQueue Queue => throw Absent();

        public ILeases Leases => throw Absent();

        public IBlobs Blobs => throw Absent();

        private string File => Path.Combine(folder, tenant.Text + ".data-keys.json");

        public ValueTask<StoredDocument?> FindAsync(DocumentKey key, CancellationToken cancellation) =>
            ValueTask.FromResult(Read(key.Kind).FirstOrDefault(stored => stored.Document.Key == key));

        public ValueTask<Page<StoredDocument>> ListAsync(ListQuery query, CancellationToken cancellation) =>
            ValueTask.FromResult(new Page<StoredDocument>(Read(query.Kind), null));

        public ValueTask<Page<StoredDocument>> WalkAsync(Cursor? after, int limit, CancellationToken cancellation) =>
            throw Absent();

        /// <summary>Takes the first keys of a tenant: puts that must be absent, all or none.</summary>
        public async ValueTask<CommitOutcome> CommitAsync(Batch batch, CancellationToken cancellation)
        {
            var puts = batch.Operations.OfType<Operation.Put>().ToList();
            if (puts.Count != batch.Operations.Length || puts.Any(put => put.Condition != Condition.Absent))
            {
                throw Absent();
            }

            var copy = Path.Combine(folder, $"{tenant.Text}.{IdText.New("new", time)}");
            var lines = puts.ToDictionary(put => put.Document.Key.Id, put => put.Document.Body.ToArray());
            await System.IO.File.WriteAllBytesAsync(copy, JsonSerializer.SerializeToUtf8Bytes(lines), cancellation);
            try
            {
                System.IO.File.Move(copy, File, overwrite: false);
            }
            catch (IOException) when (System.IO.File.Exists(File))
            {
                System.IO.File.Delete(copy);
                return new CommitOutcome.Lost(0);
            }

            var versions = puts.ToImmutableDictionary(put => put.Document.Key, _ => new DocumentVersion("1"));
            return new CommitOutcome.Committed(versions, []);
        }

        private static NotSupportedException Absent() =>
            new("A scratch vault stores first data keys and nothing else.");

        private List<StoredDocument> Read(DocumentKind kind)
        {
            if (!System.IO.File.Exists(File))
            {
                return [];
            }

            var json = System.IO.File.ReadAllBytes(File);
            var bodies = JsonSerializer.Deserialize<Dictionary<string, byte[]>>(json) ?? [];
            return [.. bodies.Select(pair =>
                new StoredDocument(new Document(kind.Key(pair.Key), pair.Value), new DocumentVersion("1")))];
        }
    }
}
