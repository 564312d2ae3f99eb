using FsCheck;
using FsCheck.Fluent;
using PracticPro.Audit;
using PracticPro.Audit.Verify;
using PracticPro.Storage;

namespace PracticPro.Tests.Audit;

[Trait("Promise", "AUD-1")]
public sealed class TakeCheckpointTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Checkpoints_taken_on_the_way_agree_with_hashing_from_scratch() =>
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(40),
            Prop.ForAll(Gen.Choose(0, 9).ArrayOf(8).ToArbitrary(), steps => RunAsync(steps).GetAwaiter().GetResult()));

    [Fact]
    public async Task A_checkpoint_names_the_practice_and_is_signed_by_our_key()
    {
        using var audit = await AuditFixture.MakeAsync();
        var note = await audit.Checkpoints.ExecuteAsync(Cancellation);
        Assert.Equal("practicpro/audit/v1/" + AuditFixture.Tenant.Text, note.Checkpoint.Origin);
        Assert.True(note.IsSignedBy(TakeCheckpoint.KeyOf(audit.Signer)));
    }

    [Fact]
    public async Task Without_new_leaves_the_last_note_comes_back_unsigned_anew()
    {
        using var audit = await AuditFixture.MakeAsync();
        await audit.LogAsync(AuditFixture.Synced(1));
        var first = await audit.Checkpoints.ExecuteAsync(Cancellation);
        Assert.Equal(first.Text, (await audit.Checkpoints.ExecuteAsync(Cancellation)).Text);
    }

    [Fact]
    public async Task A_log_shorter_than_its_checkpoint_is_refused()
    {
        using var audit = await CheckpointedAsync(5);
        var cut = await audit.WithLeavesAsync(leaves => leaves.RemoveAt(4));
        var trouble = await Assert.ThrowsAsync<AuditLogRolledBackException>(async () => await Take(audit, cut));
        Assert.Equal((5L, 4L), (trouble.Signed, trouble.Found));
    }

    [Fact]
    public async Task An_older_copy_that_grew_past_its_checkpoint_is_refused()
    {
        using var audit = await CheckpointedAsync(6);
        var regrown = await audit.WithLeavesAsync(leaves =>
        {
            leaves.RemoveRange(3, 3);
            leaves.AddRange(Enumerable.Range(0, 9).Select(index => ExportedFolder.Leaf(index).ToUtf8()));
        });
        await Assert.ThrowsAsync<AuditLogAlteredException>(async () => await Take(audit, regrown));
    }

    [Fact]
    public async Task A_log_and_state_put_back_together_are_refused_by_the_archive()
    {
        using var audit = await CheckpointedAsync(3);
        var before = await StateAsync(audit);
        await audit.LogAsync(AuditFixture.Synced(1));
        await audit.Checkpoints.ExecuteAsync(Cancellation);
        audit.Storage.Overwrite(before);
        var restored = await audit.WithLeavesAsync(leaves => leaves.RemoveAt(3));
        await Assert.ThrowsAsync<AuditLogRolledBackException>(async () => await Take(audit, restored));
    }

    [Fact]
    public async Task A_crash_between_archive_and_state_is_taken_up()
    {
        using var audit = await CheckpointedAsync(3);
        var before = await StateAsync(audit);
        await audit.LogAsync(AuditFixture.Synced(1), AuditFixture.Synced(2));
        var archived = await audit.Checkpoints.ExecuteAsync(Cancellation);
        audit.Storage.Overwrite(before);
        Assert.Equal(archived.Text, (await audit.Checkpoints.ExecuteAsync(Cancellation)).Text);
        audit.Storage.Overwrite(before);
        await audit.LogAsync(AuditFixture.Synced(3));
        Assert.Equal(await audit.RootFromScratchAsync(), (await audit.Checkpoints.ExecuteAsync(Cancellation)).Checkpoint.Root);
    }

    [Fact]
    public async Task A_log_rewritten_after_a_lost_state_is_refused_by_the_archive()
    {
        using var audit = await CheckpointedAsync(5);
        audit.Storage.Remove(CheckpointState.Key);
        var rewritten = await audit.WithLeavesAsync(leaves => leaves[1] = ExportedFolder.Leaf(1).ToUtf8());
        await Assert.ThrowsAsync<AuditLogAlteredException>(async () => await Take(audit, rewritten));
    }

    [Fact]
    public async Task A_lost_state_is_made_again_from_the_leaves()
    {
        using var audit = await CheckpointedAsync(5);
        audit.Storage.Remove(CheckpointState.Key);
        await audit.LogAsync(AuditFixture.Synced(1));
        Assert.Equal(await audit.RootFromScratchAsync(), (await audit.Checkpoints.ExecuteAsync(Cancellation)).Checkpoint.Root);
    }

    [Fact]
    public async Task A_changed_state_is_refused()
    {
        using var audit = await CheckpointedAsync(5);
        var state = await StateAsync(audit);
        var body = state.Body.ToArray();
        body[body.AsSpan().IndexOf("\"subtrees\":[\""u8) + 13] ^= 1;
        audit.Storage.Overwrite(state with { Body = body });
        await Assert.ThrowsAsync<AuditLogAlteredException>(async () => await audit.Checkpoints.ExecuteAsync(Cancellation));
    }

    [Fact]
    public async Task A_state_signed_by_somebody_else_is_refused()
    {
        using var audit = await CheckpointedAsync(5);
        using var stranger = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var state = CheckpointState.Read(await StateAsync(audit));
        var forged = state with { Note = ExportedFolder.Sign(state.Note.Checkpoint, stranger) };
        audit.Storage.Overwrite(forged.ToDocument());
        await Assert.ThrowsAsync<AuditLogAlteredException>(async () => await audit.Checkpoints.ExecuteAsync(Cancellation));
    }

    [Fact]
    public async Task A_recheck_finds_a_leaf_changed_in_the_middle()
    {
        using var audit = await CheckpointedAsync(9);
        Assert.NotNull(await audit.Checkpoints.RecheckAsync(Cancellation));
        var changed = await audit.WithLeavesAsync(leaves => leaves[4] = ExportedFolder.Leaf(4).ToUtf8());
        await Assert.ThrowsAsync<AuditLogAlteredException>(
            async () => await new TakeCheckpoint(changed, audit.Signer).RecheckAsync(Cancellation));
    }

    private static async Task<bool> RunAsync(int[] steps)
    {
        using var audit = await AuditFixture.MakeAsync();
        foreach (var leaves in steps)
        {
            await audit.LogAsync([.. Enumerable.Range(0, leaves).Select(AuditFixture.Synced)]);
            var checkpoint = (await audit.Checkpoints.ExecuteAsync(Cancellation)).Checkpoint;
            if (checkpoint.Root != await audit.RootFromScratchAsync()
                || checkpoint.Size != await audit.Trail.CountAsync(Cancellation))
            {
                return false;
            }
        }

        return true;
    }

    private static async Task<AuditFixture> CheckpointedAsync(int leaves)
    {
        var audit = await AuditFixture.MakeAsync();
        await audit.LogAsync([.. Enumerable.Range(0, leaves).Select(AuditFixture.Synced)]);
        await audit.Checkpoints.ExecuteAsync(Cancellation);
        return audit;
    }

    private static async Task<Document> StateAsync(AuditFixture audit) =>
        (await audit.Storage.Documents.FindAsync(CheckpointState.Key, Cancellation))!.Document;

    private static ValueTask<CheckpointNote> Take(AuditFixture audit, ITenantStorage storage) =>
        new TakeCheckpoint(storage, audit.Signer).ExecuteAsync(Cancellation);
}
