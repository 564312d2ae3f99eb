using PracticPro.Audit;
using PracticPro.Audit.Verify;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Tests.Support;
using PracticPro.Tests.Vault;
using PracticPro.Vault;

namespace PracticPro.Tests.Audit;

/// <summary>An audit log of one practice, over a vault of its own and storage in memory.</summary>
internal sealed class AuditFixture : IDisposable
{
    public const string Name = "Ada Example";
    public static readonly Actor Sync = new Actor.Job("mail-sync");
    public static readonly AuditSubject Contact = new("contact", "contact-1");

    private readonly VaultFixture vault;

    private AuditFixture(VaultFixture vault, TenantKeys keys) => (this.vault, Keys) = (vault, keys);

    public static TenantId Tenant => VaultFixture.A;

    public TenantKeys Keys { get; }

    public FakeClock Clock => vault.Clock;

    public MemoryTenant Storage => vault.Storage.Tenant(Tenant);

    public ICheckpointSigner Signer => vault.Local.Signer;

    public AuditTrail Trail => new(Storage, Keys, Clock);

    public TakeCheckpoint Checkpoints => new(Storage, Signer);

    public ExportAuditLog Export => new(Storage, Keys, Signer, Clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<AuditFixture> MakeAsync()
    {
        var vault = VaultFixture.Make();
        return new AuditFixture(vault, await vault.KeysAsync(Tenant));
    }

    public ValueTask<TenantKeys> KeysOfAsync(TenantId tenant) => vault.KeysAsync(tenant);

    public static AuditEntry Synced(int messages) =>
        new(Sync, AuditAct.MailSynced) { Counts = [new("messages", messages)] };

    public static AuditEntry Sent(string name = Name) => new(Sync, AuditAct.MailSent)
    {
        Subjects = [Contact],
        Values = [new("recipient", name)],
        About = Contact,
    };

    public async Task LogAsync(params AuditEntry[] entries)
    {
        foreach (var entry in entries)
        {
            Assert.IsType<CommitOutcome.Committed>(
                await Storage.Documents.CommitAsync(new Batch(Trail.Compose(entry)), Cancellation));
        }
    }

    public async Task<List<byte[]>> LeavesAsync() =>
        [.. (await Storage.Logs.ReadAsync(AuditTrail.Log, 0, int.MaxValue, Cancellation)).Select(leaf => leaf.ToArray())];

    public async Task<TreeHash> RootFromScratchAsync() =>
        MerkleTree.Root([.. (await LeavesAsync()).Select(leaf => MerkleTree.Leaf(leaf))]);

    /// <summary>The same storage, with a log somebody put other leaves into.</summary>
    public async Task<ITenantStorage> WithLeavesAsync(Action<List<byte[]>> edit)
    {
        var leaves = await LeavesAsync();
        edit(leaves);
        return new TamperedStorage(Storage, new TamperedLog(Tenant, leaves));
    }

    public void Dispose() => vault.Dispose();
}

/// <summary>Everything as it is stored, but the log.</summary>
internal sealed class TamperedStorage(ITenantStorage inner, IAppendLog log) : ITenantStorage
{
    public TenantId Tenant => inner.Tenant;

    public IDocuments Documents => inner.Documents;

    public IAppendLog Logs => log;

    public IQueue Queue => inner.Queue;

    public ILeases Leases => inner.Leases;

    public IBlobs Blobs => inner.Blobs;
}

internal sealed class TamperedLog(TenantId tenant, List<byte[]> leaves) : IAppendLog
{
    public TenantId Tenant => tenant;

    public ValueTask<long> CountAsync(LogName log, CancellationToken cancellation) => ValueTask.FromResult<long>(leaves.Count);

    public ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> ReadAsync(
        LogName log, long from, int count, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<ReadOnlyMemory<byte>>>(
            [.. leaves.Skip((int)from).Take(count).Select(leaf => new ReadOnlyMemory<byte>(leaf))]);
}
