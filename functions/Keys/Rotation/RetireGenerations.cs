using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Keys.Rotation;

/// <summary>
/// Deletes the wrapped keys of old generations that the count has proven unused: what was sealed under them and is put back
/// from somewhere opens no more. A generation that a sealed blob still hangs on stays, and goes with a later rotation; while
/// there are documents of an unknown kind, all stay.
/// <para>
/// Not in the ledger of erasures: a store that is restored to an earlier moment has its old keys back with the old values that
/// need them, and both must work.
/// </para>
/// </summary>
internal sealed class RetireGenerations(IKeyEncryption encryption, TimeProvider time)
{
    public async Task<RotationStep> RunAsync(RotationScope scope, CancellationToken cancellation)
    {
        var store = new DataKeyStore(scope.Tenant.Storage.Documents, encryption, time);
        var deletions = new List<Operation>();
        var kept = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var stored in await store.ReadAsync(cancellation))
        {
            if (scope.Rotation.NewOf(stored.Record.Use) is not { } newest || stored.Record.Generation >= newest)
            {
                continue;
            }

            if (scope.Rotation.Unknown > 0 || await HangsOnAsync(scope, stored.Record, cancellation))
            {
                kept.Add(stored.Record.Use);
            }
            else
            {
                deletions.Add(new Operation.Delete(stored.Record.ToDocument().Key, Condition.Is(stored.Version)));
            }
        }

        return new RotationStep(scope.MovedOn with { Kept = [.. kept], Unknown = scope.Rotation.Unknown }) { With = deletions };
    }

    private static async ValueTask<bool> HangsOnAsync(
        RotationScope scope, DataKeyRecord key, CancellationToken cancellation) =>
        PurposeWords.Find(key.Use) is { } purpose
        && await new SealedBlobs(scope.Tenant.Storage.Blobs, scope.Tenant.Keys, purpose)
            .CountAsync(key.Generation, cancellation) > 0;
}
