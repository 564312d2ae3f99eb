using System.Collections.Immutable;
using System.Text.Json;
using PracticPro.Kernel;

namespace PracticPro.Vault.Drivers.KeyVault;

/// <summary>
/// That a key was destroyed, kept outside of the vault (<see cref="IKeepFirst"/>): after its purge date the vault knows
/// nothing of a key any more, and would make another one of that name. Kept before the key is deleted, and for ever; it
/// says nothing but a name, a moment and version numbers.
/// </summary>
internal sealed class KeyTombstones(IKeepFirst shelf, TimeProvider time)
{
    public async ValueTask<KeyTombstone?> FindAsync(VaultKeyName name, CancellationToken cancellation) =>
        await shelf.FindAsync(PathOf(name), cancellation) is { } kept ? Read(kept) : null;

    /// <returns>What was kept first.</returns>
    public async ValueTask<KeyTombstone> KeepAsync(
        VaultKeyName name, ImmutableArray<KeyVersion> versions, CancellationToken cancellation)
    {
        var stone = new KeyTombstone(1, time.GetUtcNow(), versions);
        var offered = JsonSerializer.SerializeToUtf8Bytes(stone, JsonShapes.Stored);
        return Read(await shelf.KeepAsync(PathOf(name), offered, cancellation));
    }

    private static string PathOf(VaultKeyName name) => $"key-tombstones/{name.Text}";

    private static KeyTombstone Read(ReadOnlyMemory<byte> kept)
    {
        try
        {
            return JsonSerializer.Deserialize<KeyTombstone>(kept.Span, JsonShapes.Stored) is { Shape: 1, Versions.IsDefault: false } stone
                ? stone
                : throw new UnexpectedFailureException(new VaultFailures.UnknownVersion());
        }
        catch (JsonException)
        {
            throw new UnexpectedFailureException(new VaultFailures.UnknownVersion());
        }
    }
}

/// <param name="Versions">What the key had, oldest first; empty when it lay in the bin already.</param>
internal sealed record KeyTombstone(int Shape, DateTimeOffset At, ImmutableArray<KeyVersion> Versions);
