using System.Collections.Immutable;
using PracticPro.Keys.Rotation;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Keys;

/// <summary>What keys a practice has, how old they are, and how far their rotation is. No key, and nothing wrapped.</summary>
internal sealed class DescribeKeys(IStorage storage, IKeyEncryption encryption, TimeProvider time)
{
    /// <param name="Seals">The generation that seals now, or null for look-up hashes, which seal nothing.</param>
    /// <param name="Generations">Every generation that opens, oldest first.</param>
    public sealed record PurposeAnswer(string Purpose, uint? Seals, ImmutableArray<GenerationAnswer> Generations);

    public sealed record GenerationAnswer(uint Generation, DateTimeOffset MadeAt, DateTimeOffset SealsFrom);

    /// <param name="Looked">Documents looked at in the walk under way.</param>
    /// <param name="Resealed">Documents sealed anew so far.</param>
    /// <param name="Kept">Purposes whose old generations something still needs.</param>
    /// <param name="Trouble">Why the last step did not succeed; it is tried again at <paramref name="WaitUntil"/>.</param>
    public sealed record RotationAnswer(
        RotationReason Reason,
        RotationStage Stage,
        DateTimeOffset BegunAt,
        DateTimeOffset? WaitUntil,
        long Looked,
        long Resealed,
        ImmutableArray<string> Kept,
        string? Trouble,
        DateTimeOffset? FinishedAt)
    {
        public static RotationAnswer Of(KeyRotation rotation) => new(
            rotation.Reason,
            rotation.Stage,
            rotation.BegunAt,
            rotation.WaitUntil,
            rotation.Looked,
            rotation.Resealed,
            rotation.Kept,
            rotation.Trouble,
            rotation.FinishedAt);
    }

    public sealed record Answer(ImmutableArray<PurposeAnswer> Purposes, RotationAnswer? Rotation);

    public async Task<Answer> RunAsync(TenantId tenant, CancellationToken cancellation)
    {
        var documents = storage.For(tenant).Documents;
        var keys = await new DataKeyStore(documents, encryption, time).ReadAsync(cancellation);
        var rotation = await KeyRotation.FindAsync(documents, cancellation);
        return new Answer(
            [.. keys.GroupBy(stored => stored.Record.Use, stored => stored.Record).Select(OfPurpose)],
            rotation is null ? null : RotationAnswer.Of(rotation.Value));
    }

    private PurposeAnswer OfPurpose(IGrouping<string, DataKeyRecord> use)
    {
        var now = time.GetUtcNow();
        ImmutableArray<GenerationAnswer> generations = [.. use.OrderBy(key => key.Generation)
            .Select(key => new GenerationAnswer(key.Generation, key.CreatedAt, key.SealsFrom ?? key.CreatedAt))];
        uint? seals = PurposeWords.Find(use.Key) is null
            ? null
            : (generations.LastOrDefault(made => made.SealsFrom <= now) ?? generations[0]).Generation;
        return new PurposeAnswer(use.Key, seals, generations);
    }
}
