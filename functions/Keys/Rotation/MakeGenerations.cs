using System.Collections.Immutable;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Keys.Rotation;

/// <summary>
/// Gives every purpose its next generation of data keys: all in one write, each on the condition that nobody made it yet. They
/// open from now on, and seal from a moment at which every process has read them. The key of look-up hashes stays: a new one
/// would mean other hashes for everything that is looked up.
/// </summary>
internal sealed class MakeGenerations(IKeyEncryption encryption, KeyRingOptions ring, TimeProvider time)
{
    public async Task<RotationStep> RunAsync(RotationScope scope, CancellationToken cancellation)
    {
        var store = new DataKeyStore(scope.Tenant.Storage.Documents, encryption, time);
        var newest = (await store.ReadAsync(cancellation))
            .Where(stored => PurposeWords.Find(stored.Record.Use) is not null)
            .GroupBy(stored => stored.Record.Use, stored => stored.Record.Generation)
            .Select(use => new NewGeneration(use.Key, use.Max() + 1))
            .ToImmutableArray();
        var from = RotationOptions.SealsFrom(scope.Rotation.Reason, scope.Now, ring.HandleLifetime);
        var puts = new List<Operation>();
        foreach (var made in newest)
        {
            var record = await store.MakeAsync(made.Use, made.Generation, from, cancellation);
            puts.Add(new Operation.Put(record.ToDocument(), Condition.Absent));
        }

        return new RotationStep(scope.MovedOn with { Generations = newest, SealsFrom = from }) { With = puts };
    }
}
