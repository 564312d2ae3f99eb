using System.Buffers.Text;
using System.Security.Cryptography;
using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Keys.Rotation;

/// <summary>
/// Begins a rotation: the record of it, the leaf, and the order that starts its workflow, in one write. One at a time; only a
/// rotation because keys are compromised takes the place of another that is under way.
/// </summary>
internal sealed class BeginRotation(TenantScopes scopes, TimeProvider time)
{
    /// <returns>The rotation's id, or <see cref="KeysFailures.RotationUnderWay"/>.</returns>
    public async Task<Outcome<string>> RunAsync(
        TenantId tenant, RotationReason reason, Actor askedBy, CancellationToken cancellation)
    {
        while (true)
        {
            var scope = await scopes.OpenAsync(tenant, cancellation);
            var stored = await KeyRotation.FindAsync(scope.Storage.Documents, cancellation);
            if (stored is { Value.IsUnderWay: true } && !TakesThePlaceOf(reason, stored.Value.Reason))
            {
                return new KeysFailures.RotationUnderWay();
            }

            var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
            var rotation = new KeyRotation(id, reason, askedBy.Label, time.GetUtcNow(), RotationTable.First(reason));
            var entry = new AuditEntry(askedBy, AuditAct.KeysRotationBegun)
                .On("rotation", id).On("reason", Vault.IndexText.State(reason));
            var outcome = await scope.CommitAsync(
                entry,
                [
                    rotation.Put(stored is null ? Condition.Absent : Condition.Is(stored.Version)),
                    WorkflowOutbox.Start(RotateKeys.Name, RotateKeys.InstanceOf(tenant, id), new(tenant, id), $"rotate.{id}"),
                ],
                cancellation);
            if (outcome is CommitOutcome.Committed)
            {
                return id;
            }
        }
    }

    private static bool TakesThePlaceOf(RotationReason reason, RotationReason underWay) =>
        reason == RotationReason.Compromised && underWay != RotationReason.Compromised;
}
