using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Keys.Rotation;

/// <summary>
/// Looks at the next documents of a practice and seals anew what is sealed under an old generation, each on the condition that
/// it is still what was read: a document that somebody writes meanwhile is sealed under the new generation by that. A page that
/// is done twice is done once, so nothing but the position must be kept between steps.
/// </summary>
internal sealed class ResealPage(SealedKinds kinds, RotationOptions options)
{
    /// <summary>Room in a batch that is never reached by usual documents; larger ones go by fewer.</summary>
    private const int BytesABatch = StorageLimits.MaximumBatchBytes / 2;

    public async Task<RotationStep> RunAsync(RotationScope scope, CancellationToken cancellation)
    {
        var rotation = scope.Rotation;
        var documents = scope.Tenant.Storage.Documents;
        var page = await documents.WalkAsync(RotationWalk.At(rotation), options.DocumentsAStep, cancellation);
        var resealed = 0L;
        foreach (var batch in Batches(page.Items.Where(stored => IsOld(rotation, stored.Document))))
        {
            resealed += await CommitAsync(scope, batch, cancellation);
        }

        var next = page.Next is { } position
            ? rotation with { Position = position.Position, WaitUntil = null, Trouble = null, Looked = rotation.Looked + page.Items.Count }
            : scope.MovedOn with { Passes = rotation.Passes + 1, WaitUntil = SettledAt(rotation) };
        return new RotationStep(next with { Resealed = rotation.Resealed + resealed }) { Documents = page.Items.Count };
    }

    private static DateTimeOffset? SettledAt(KeyRotation rotation) =>
        rotation.SealsFrom + RotationOptions.SettlesWithin(rotation.Reason);

    private bool IsOld(KeyRotation rotation, Document document) =>
        kinds.Find(document.Key.Kind.Name) is { } kind && rotation.IsOld(kind.Purpose, kind.OldestGeneration(document));

    private static IEnumerable<List<StoredDocument>> Batches(IEnumerable<StoredDocument> old)
    {
        var batch = new List<StoredDocument>();
        var bytes = 0L;
        foreach (var stored in old)
        {
            var size = stored.Document.Body.Length + stored.Document.IndexValues.Sum(pair => (long)pair.Value.Length);
            if (batch.Count > 0 && (batch.Count == Batch.MaximumOperations || bytes + size > BytesABatch))
            {
                yield return batch;
                batch = [];
                bytes = 0;
            }

            batch.Add(stored);
            bytes += size;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    /// <summary>How many were sealed anew. Where one of a batch was changed meanwhile, each goes by itself.</summary>
    private async Task<long> CommitAsync(RotationScope scope, List<StoredDocument> batch, CancellationToken cancellation)
    {
        var puts = batch.Select(stored => Resealed(scope, stored)).ToList();
        if (await TryAsync(scope, puts, cancellation))
        {
            return puts.Count;
        }

        var done = 0L;
        foreach (var put in puts)
        {
            done += await TryAsync(scope, [put], cancellation) ? 1 : 0;
        }

        return done;
    }

    private Operation.Put Resealed(RotationScope scope, StoredDocument stored) => new(
        kinds.Find(stored.Document.Key.Kind.Name)!.Reseal(scope.Tenant.Keys, stored.Document), Condition.Is(stored.Version));

    private static async Task<bool> TryAsync(RotationScope scope, List<Operation.Put> puts, CancellationToken cancellation) =>
        await scope.Tenant.Storage.Documents.CommitAsync(new Batch(puts), cancellation) is CommitOutcome.Committed;
}

/// <summary>Where a rotation's walk is.</summary>
internal static class RotationWalk
{
    public static Cursor? At(KeyRotation rotation) => rotation.Position is { } position ? Cursor.At(position) : null;
}
