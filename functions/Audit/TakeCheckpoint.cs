using System.Collections.Immutable;
using System.Text;
using PracticPro.Audit.Verify;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Audit;

/// <summary>
/// Signs what the log is now. Reads only the leaves since the last time, and first makes sure that the log still goes
/// on from there: not shorter than any note that was signed, the last covered leaf unchanged, the kept range adding up
/// to the signed root. When one of these fails nothing is signed and an exception says which.
/// <list type="bullet">
/// <item>A leaf in the middle that was changed after it was covered is not seen here: that is for
/// <see cref="RecheckAsync"/>, and every export does it too.</item>
/// <item>A note of a key that the present one followed (<see cref="KeyLineage"/>) is taken for good only after every leaf was
/// hashed again, and is then signed anew by the present key. Forging one gains nothing: it must say what the leaves say.</item>
/// <item>Idempotent: without new leaves the last note is returned, and nothing is signed.</item>
/// <item>Order: note into the archive, then the state. After a crash between the two the archived note is taken up.</item>
/// </list>
/// </summary>
internal sealed class TakeCheckpoint(ITenantStorage storage, ICheckpointSigner signer)
{
    private readonly CheckpointArchive archive = new(storage.Blobs);

    public static CheckpointKey KeyOf(ICheckpointSigner signer) =>
        CheckpointKey.TryParse(signer.PublicKeyPem, out var key)
            ? key
            : throw new InvalidOperationException("The signer's public key is not a P-256 key.");

    /// <summary>The key that signs now, then those it followed, newest first, given up or not.</summary>
    /// <exception cref="InvalidOperationException">A statement in the key store is not signed by both its keys.</exception>
    public static ImmutableArray<CheckpointKey> KeysOf(SigningChain chain)
    {
        var key = KeyOf(chain.Signer);
        return SuccessionNote.TryParseAll(string.Concat(chain.Statements), out var notes)
            ? [key, .. new KeyLineage(notes).Before(key)]
            : throw new InvalidOperationException("A statement of succession in the key store is not signed by both its keys.");
    }

    /// <exception cref="AuditLogRolledBackException">The log is shorter than what was signed.</exception>
    /// <exception cref="AuditLogAlteredException">The log does not go on from what was signed.</exception>
    public async ValueTask<CheckpointNote> ExecuteAsync(CancellationToken cancellation) =>
        await ExecuteAsync(await signer.CurrentAsync(cancellation), cancellation);

    /// <summary>The same by exactly this key.</summary>
    public async ValueTask<CheckpointNote> ExecuteAsync(SigningChain chain, CancellationToken cancellation)
    {
        var keys = new Keys(chain);
        var stored = await storage.Documents.FindAsync(CheckpointState.Key, cancellation);
        var state = stored is null ? null : CheckpointState.Read(stored.Document);
        var archived = await archive.FindNewestAsync(cancellation);
        var count = await storage.Logs.CountAsync(AuditTrail.Log, cancellation);
        await CheckAsync(keys, state, archived, count, cancellation);
        var isOfEarlierKey = keys.IsEarlier(state?.Note) || keys.IsEarlier(archived);
        if (state is not null && state.Note.Checkpoint.Size == count && !isOfEarlierKey)
        {
            return state.Note;
        }

        // After a change of keys from the first leaf on, past every note there is.
        var range = isOfEarlierKey ? CheckpointState.Beginning : state?.Range ?? CheckpointState.Beginning;
        var lastLeaf = isOfEarlierKey
            ? await ExtendAsync(range, Math.Min(count, state?.Range.Size ?? 0), state?.Note, null, cancellation)
            : state?.LastLeaf;
        lastLeaf = await ExtendAsync(range, count, archived, lastLeaf, cancellation);
        if (isOfEarlierKey && archived is not null && archived.Checkpoint.Size <= (state?.Range.Size ?? 0))
        {
            await ExtendAsync(CheckpointState.Beginning, archived.Checkpoint.Size, archived, null, cancellation);
        }

        var note = archived?.Checkpoint.Size == count && !keys.IsEarlier(archived)
            ? archived
            : await KeepAsync(keys, archived, await SignAsync(keys, range, cancellation), cancellation);
        return note.Checkpoint.Root == range.Root()
            ? await KeepAsync(new CheckpointState(note, range, lastLeaf), stored, cancellation)
            : throw new AuditLogAlteredException("another root was signed for this size");
    }

    /// <summary>
    /// Hashes every leaf again and compares with the last note that was signed. O(leaves); for a job of the night.
    /// Returns the note that holds, or null when none was ever signed.
    /// </summary>
    public async ValueTask<CheckpointNote?> RecheckAsync(CancellationToken cancellation)
    {
        var stored = await storage.Documents.FindAsync(CheckpointState.Key, cancellation);
        var state = stored is null ? null : CheckpointState.Read(stored.Document);
        var archived = await archive.FindNewestAsync(cancellation);
        await CheckAsync(new Keys(await signer.CurrentAsync(cancellation)), state, archived, await storage.Logs.CountAsync(AuditTrail.Log, cancellation), cancellation);
        var newest = state?.Note ?? archived;
        if (newest is not null)
        {
            await ExtendAsync(new CompactRange(), newest.Checkpoint.Size, newest, null, cancellation);
        }

        return newest;
    }

    private ValueTask<CheckpointNote> KeepAsync(
        Keys keys, CheckpointNote? archived, CheckpointNote note, CancellationToken cancellation) =>
        archived?.Checkpoint.Size == note.Checkpoint.Size
            ? archive.KeepAnewAsync(note, keys.Key, cancellation)
            : archive.KeepAsync(note, cancellation);

    private async ValueTask CheckAsync(
        Keys keys, CheckpointState? state, CheckpointNote? archived, long count, CancellationToken cancellation)
    {
        foreach (var note in new[] { state?.Note, archived }.OfType<CheckpointNote>())
        {
            if (note.Checkpoint.Origin != Origin || !keys.Signed(note))
            {
                throw new AuditLogAlteredException("a kept checkpoint is not signed by our key for this log");
            }

            if (count < note.Checkpoint.Size)
            {
                throw new AuditLogRolledBackException(note.Checkpoint.Size, count);
            }
        }

        // An older copy that grew past the checkpoint has another leaf here: each leaf carries a random id.
        if (state?.LastLeaf is { } last)
        {
            await foreach (var leaf in storage.Logs.LeavesAsync(state.Range.Size - 1, state.Range.Size, cancellation))
            {
                Demand(MerkleTree.Leaf(leaf.Span) == last, "the last leaf that was signed is another one now");
            }
        }

        if (state is not null && archived?.Checkpoint.Size == state.Range.Size)
        {
            Demand(archived.Checkpoint.Root == state.Note.Checkpoint.Root, "two roots were signed for one size");
        }
    }

    // Passes the archived note's size on the way, if a crash left it ahead of the state: its root must come out there.
    private async ValueTask<TreeHash?> ExtendAsync(
        CompactRange range, long to, CheckpointNote? passing, TreeHash? lastLeaf, CancellationToken cancellation)
    {
        await foreach (var leaf in storage.Logs.LeavesAsync(range.Size, to, cancellation))
        {
            lastLeaf = MerkleTree.Leaf(leaf.Span);
            range.Append(lastLeaf.Value);
            Demand(
                passing?.Checkpoint.Size != range.Size || passing.Checkpoint.Root == range.Root(),
                "the leaves do not add up to the root that was signed");
        }

        return lastLeaf;
    }

    private async ValueTask<CheckpointNote> SignAsync(Keys keys, CompactRange range, CancellationToken cancellation)
    {
        var checkpoint = new Checkpoint(Origin, range.Size, range.Root());
        var signature = await keys.Signer.SignAsync(Encoding.UTF8.GetBytes(checkpoint.Text), cancellation);
        return CheckpointNote.Of(checkpoint, keys.Key, signature);
    }

    // Lost means that another checkpoint was taken meanwhile. Both notes are good, and both are in the archive.
    private async ValueTask<CheckpointNote> KeepAsync(
        CheckpointState state, StoredDocument? stored, CancellationToken cancellation)
    {
        var condition = stored is null ? Condition.Absent : Condition.Is(stored.Version);
        await storage.Documents.CommitAsync(new Batch([new Operation.Put(state.ToDocument(), condition)]), cancellation);
        return state.Note;
    }

    private string Origin => Checkpoint.OriginPrefix + storage.Tenant.Text;

    /// <summary>The key that signs now, and those it followed.</summary>
    private sealed class Keys
    {
        private readonly ImmutableArray<CheckpointKey> all;

        public Keys(SigningChain chain) => (Signer, all) = (chain.Signer, KeysOf(chain));

        public ICheckpointSigner Signer { get; }

        public CheckpointKey Key => all[0];

        public bool Signed(CheckpointNote note) => all.Any(note.IsSignedBy);

        public bool IsEarlier(CheckpointNote? note) => note is not null && !note.IsSignedBy(Key);
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new AuditLogAlteredException(otherwise);
        }
    }
}
