using PracticPro.Audit;
using PracticPro.Audit.Verify;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Sqlite;

namespace PracticPro.Tests.Audit;

public sealed class ConcurrentAppendTests : IDisposable
{
    private const int Writers = 8;
    private const int LeavesEach = 40;
    private const int CheckpointEvery = 10;

    private readonly DirectoryInfo scratch = Directory.CreateTempSubdirectory("practicpro-audit-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => scratch.Delete(recursive: true);

    [Fact]
    [Trait("Promise", "AUD-1")]
    public async Task Many_writers_at_once_leave_a_log_without_a_hole_on_disk()
    {
        using var audit = await AuditFixture.MakeAsync();
        await using var disk = SqliteStorage.Open(new() { Folder = scratch.FullName }, audit.Clock);
        var storage = disk.For(AuditFixture.Tenant);
        var trail = new AuditTrail(storage, audit.Keys, audit.Clock);
        var checkpoints = new TakeCheckpoint(storage, audit.Signer);
        var indexes = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(WriteAsync, Cancellation)));
        Assert.Equal(
            Enumerable.Range(0, Writers * LeavesEach).Select(index => (long)index),
            indexes.SelectMany(index => index).Order());
        var leaves = await storage.Logs.ReadAsync(AuditTrail.Log, 0, int.MaxValue, Cancellation);
        var note = await checkpoints.ExecuteAsync(Cancellation);
        Assert.Equal(MerkleTree.Root([.. leaves.Select(leaf => MerkleTree.Leaf(leaf.Span))]), note.Checkpoint.Root);
        Assert.Equal(Writers * LeavesEach, note.Checkpoint.Size);

        async Task<List<long>> WriteAsync()
        {
            var written = new List<long>();
            for (var at = 0; at < LeavesEach; at++)
            {
                var outcome = await storage.Documents.CommitAsync(
                    new Batch(trail.Compose(AuditFixture.Sent())), Cancellation);
                written.AddRange(Assert.IsType<CommitOutcome.Committed>(outcome).LogIndexes);
                if (at % CheckpointEvery == 0)
                {
                    await checkpoints.ExecuteAsync(Cancellation);
                }
            }

            return written;
        }
    }
}
