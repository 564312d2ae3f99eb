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
/// <item>Idempotent: without new leaves the last note is returned, and nothing is signed.</item>
/// <item>Order: note into the archive, then the state. After a crash between the two the archived note is taken up.</item>
/// </list>
/// </summary>
internal sealed class TakeCheckpoint(ITenantStorage storage, ICheckpointSigner signer)
{
    private readonly CheckpointArchive archive = new(storage.Blobs);
    private readonly CheckpointKey key = KeyOf(signer);

    public static CheckpointKey KeyOf(ICheckpointSigner signer) =>
        CheckpointKey.TryParse(signer.PublicKeyPem, out var key)
            ? key
            : throw new InvalidOperationException("The signer's public key is not a P-256 key.");

    /// <exception cref="AuditLogRolledBackException">The log is shorter than what was signed.</exception>
    /// <exception cref="AuditLogAlteredException">The log does not go on from what was signed.</exception>
    public async ValueTask<CheckpointNote> ExecuteAsync(CancellationToken cancellation)
    {
        var stored = await storage.Documents.FindAsync(CheckpointState.Key, cancellation);
        var state = stored is null ? null : CheckpointState.Read(stored.Document);
        var archived = await archive.FindNewestAsync(cancellation);
        var count = await storage.Logs.CountAsync(AuditTrail.Log, cancellation);
        await CheckAsync(state, archived, count, cancellation);
        if (state is not null && state.Note.Checkpoint.Size == count)
        {
            return state.Note;
        }

        var range = state?.Range ?? CheckpointState.Beginning;
        var lastLeaf = await ExtendAsync(range, count, archived, state?.LastLeaf, cancellation);
        var note = archived?.Checkpoint.Size == count
            ? archived
            : await archive.KeepAsync(await SignAsync(range, cancellation), cancellation);
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
        await CheckAsync(state, archived, await storage.Logs.CountAsync(AuditTrail.Log, cancellation), cancellation);
        var newest = state?.Note ?? archived;
        if (newest is not null)
        {
            await ExtendAsync(new CompactRange(), newest.Checkpoint.Size, newest, null, cancellation);
        }

        return newest;
    }

    private async ValueTask CheckAsync(
        CheckpointState? state, CheckpointNote? archived, long count, CancellationToken cancellation)
    {
        foreach (var note in new[] { state?.Note, archived }.OfType<CheckpointNote>())
        {
            if (note.Checkpoint.Origin != Origin || !note.IsSignedBy(key))
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

    private async ValueTask<CheckpointNote> SignAsync(CompactRange range, CancellationToken cancellation)
    {
        var checkpoint = new Checkpoint(Origin, range.Size, range.Root());
        var signature = await signer.SignAsync(Encoding.UTF8.GetBytes(checkpoint.Text), cancellation);
        return CheckpointNote.Of(checkpoint, key, signature);
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

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new AuditLogAlteredException(otherwise);
        }
    }
}
