using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Keys.Rotation;

/// <summary>
/// Looks at the next documents and counts what is still sealed under an old generation. It begins when nothing can be written
/// under one any more, so a walk that finds nothing proves that there is nothing. What it finds leads back to sealing anew; a
/// document of a kind that this program does not know counts as one that may need any key.
/// </summary>
internal sealed class CountPage(SealedKinds kinds, RotationOptions options)
{
    public async Task<RotationStep> RunAsync(RotationScope scope, CancellationToken cancellation)
    {
        var rotation = scope.Rotation;
        var page = await scope.Tenant.Storage.Documents.WalkAsync(
            RotationWalk.At(rotation), options.DocumentsAStep, cancellation);
        var counted = page.Items.Aggregate(rotation, (so, stored) => Counted(so, stored.Document)) with
        {
            Looked = rotation.Looked + page.Items.Count,
            WaitUntil = null,
            Trouble = null,
        };
        var next = page.Next is { } position ? counted with { Position = position.Position } : Judged(scope, counted);
        return new RotationStep(next) { Documents = page.Items.Count };
    }

    private static KeyRotation Judged(RotationScope scope, KeyRotation counted) => counted.LeftBehind.IsEmpty
        ? scope.MovedOn with { Unknown = counted.Unknown }
        : counted with
        {
            Stage = RotationStage.Reseal,
            Position = null,
            Looked = 0,
            Unknown = 0,
            LeftBehind = counted.LeftBehind.Clear(),
        };

    private KeyRotation Counted(KeyRotation so, Document document)
    {
        var name = document.Key.Kind.Name;
        if (kinds.Find(name) is not { } kind)
        {
            return kinds.IsPlain(name) ? so : so with { Unknown = so.Unknown + 1 };
        }

        return so.IsOld(kind.Purpose, kind.OldestGeneration(document))
            ? so with
            {
                LeftBehind = so.LeftBehind.SetItem(
                    kind.Purpose.Word(), so.LeftBehind.GetValueOrDefault(kind.Purpose.Word()) + 1),
            }
            : so;
    }
}
