using System.Collections.Immutable;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Keys.Rotation;

/// <summary>
/// Gives every purpose its next generation of data keys, which open at once, and later a moment from which they seal. These are
/// two writes: a moment that was reckoned before the keys were stored could be over when they are, however near the two are,
/// and somebody would seal with what others have not read. The key of look-up hashes stays: a new one would mean other hashes
/// for everything that is looked up.
/// </summary>
internal sealed class MakeGenerations(IKeyEncryption encryption, KeyRingOptions ring, TimeProvider time)
{
    /// <summary>All in one write, each on the condition that nobody made it yet.</summary>
    public async Task<RotationStep> MakeAsync(RotationScope scope, CancellationToken cancellation)
    {
        var store = Store(scope);
        var newest = (await store.ReadAsync(cancellation))
            .Where(stored => PurposeWords.Find(stored.Record.Use) is not null)
            .GroupBy(stored => stored.Record.Use, stored => stored.Record.Generation)
            .Select(use => new NewGeneration(use.Key, use.Max() + 1))
            .ToImmutableArray();
        var puts = new List<Operation>();
        foreach (var made in newest)
        {
            var record = await store.MakeAsync(made.Use, made.Generation, DataKeyRecord.NotYet, cancellation);
            puts.Add(new Operation.Put(record.ToDocument(), Condition.Absent));
        }

        return new RotationStep(scope.MovedOn with { Generations = newest }) { With = puts };
    }

    /// <summary>
    /// Says when they begin to seal: when nobody has keys any more that were read before they were stored. If this write is
    /// late, the moment may be over, and nothing is lost by it: all know them.
    /// </summary>
    public async Task<RotationStep> SetMomentAsync(RotationScope scope, CancellationToken cancellation)
    {
        var from = SealsFrom(scope);
        var puts = (await Store(scope).ReadAsync(cancellation))
            .Where(stored => scope.Rotation.NewOf(stored.Record.Use) == stored.Record.Generation)
            .Select(stored => new Operation.Put(
                (stored.Record with { SealsFrom = from }).ToDocument(), Condition.Is(stored.Version)));
        return new RotationStep(scope.MovedOn with { SealsFrom = from }) { With = [.. puts] };
    }

    /// <summary>Waits until they seal everywhere: who read the keys just before the moment was stored goes on without it.</summary>
    public RotationStep AwaitMoment(RotationScope scope)
    {
        if (scope.Rotation is { WaitUntil: not null, Trouble: null })
        {
            return new RotationStep(scope.MovedOn);
        }

        var from = SealsFrom(scope);
        return new RotationStep(scope.Rotation with
        {
            SealsFrom = from,
            WaitUntil = from + RotationOptions.Skew,
            Trouble = null,
        });
    }

    private DataKeyStore Store(RotationScope scope) => new(scope.Tenant.Storage.Documents, encryption, time);

    private DateTimeOffset SealsFrom(RotationScope scope) =>
        RotationOptions.SealsFrom(scope.Rotation.Reason, scope.Now, ring.HandleLifetime);
}
