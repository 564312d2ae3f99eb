using System.Collections.Immutable;

namespace PracticPro.Vault.Drivers.Local;

/// <summary>
/// The fleet hash keys of a <see cref="LocalKeyFile"/>. A retired one is taken out of the file; older copies of the file, and
/// what the disk has not written over, still hold it.
/// </summary>
internal sealed class LocalFleetHashKeys(LocalKeyFile file) : IFleetHashKeys
{
    public ValueTask<ImmutableArray<FleetHashGeneration>> ReadAsync(CancellationToken cancellation)
    {
        using var keys = Read();
        return ValueTask.FromResult<ImmutableArray<FleetHashGeneration>>(
            [.. keys.AllFleetHashes.Select(key => new FleetHashGeneration(key.Number, key.UsedFrom, key.LetGoFrom))]);
    }

    public ValueTask<SecretBytes> OpenAsync(int number, CancellationToken cancellation)
    {
        using var keys = Read();
        return keys.AllFleetHashes.FirstOrDefault(key => key.Number == number) is { } found
            ? ValueTask.FromResult(new SecretBytes(found.Key))
            : throw new KeyFileException("A platform key is missing from the key file. Restore it from its backup.");
    }

    public async ValueTask MakeAsync(int number, DateTimeOffset usedFrom, CancellationToken cancellation) =>
        await ChangeAsync(
            keys => keys.Any(key => key.Number >= number)
                ? keys
                : keys.Add(new LocalFleetHashKey(number, usedFrom, null, LocalKeys.Fresh(LocalKeys.FleetHashBytes))),
            cancellation);

    public async ValueTask LetGoAsync(int number, DateTimeOffset from, CancellationToken cancellation) =>
        await ChangeAsync(
            keys => keys.FirstOrDefault(key => key.Number == number) is { LetGoFrom: null } found
                ? keys.Replace(found, found with { LetGoFrom = from })
                : keys,
            cancellation);

    // The last one always stays: nothing could be looked up without it.
    public async ValueTask RetireAsync(int number, CancellationToken cancellation) =>
        await ChangeAsync(
            keys => keys.Length > 1 && keys.Any(key => key.Number == number)
                ? keys.RemoveAll(key => key.Number == number)
                : keys,
            cancellation);

    public ValueTask EndRetiredAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    private LocalKeys Read() =>
        file.Read() ?? throw new KeyFileException("The key file is gone. Restore it from its backup.");

    private async ValueTask ChangeAsync(
        Func<ImmutableArray<LocalFleetHashKey>, ImmutableArray<LocalFleetHashKey>> change, CancellationToken cancellation)
    {
        using var changed = await file.ChangeAsync(
            now =>
            {
                var before = now.AllFleetHashes;
                var after = change(before);
                return after == before ? now : now with { FleetHashKey = [], FleetHashes = after };
            },
            cancellation);
    }
}

/// <summary>One generation in the key file.</summary>
/// <param name="Key">64 bytes.</param>
internal sealed record LocalFleetHashKey(int Number, DateTimeOffset UsedFrom, DateTimeOffset? LetGoFrom, byte[] Key)
{
    // A record would print its parts.
    public override string ToString() => "***";
}
