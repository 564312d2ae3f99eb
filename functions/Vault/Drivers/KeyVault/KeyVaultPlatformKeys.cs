using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using PracticPro.Kernel;

namespace PracticPro.Vault.Drivers.KeyVault;

/// <summary>
/// The fleet hash keys: 64 random bytes each, which a vault cannot hold as keys of its own (no HMAC there), wrapped under the
/// platform's RSA key and kept where the first value stays. Every program that starts while there is none offers one; all
/// use the one that was kept. When one does not unwrap, nothing takes its place: directories hashed under it could never be
/// read again.
/// <code>
/// platform-keys/fleet-hash              the first generation, wrapped
/// platform-keys/fleet-hash-2            the second, and the moment it is used from
/// platform-keys/fleet-hash-1.let-go     the moment from which nothing is claimed under the first
/// platform-keys/fleet-hash-1.retired    the first is read no more
/// </code>
/// What is kept there is kept for ever, so a retired key cannot be destroyed. What is done instead: each generation is wrapped
/// under a version of the RSA key of its own, and that version is switched off in the end. A person who may change keys in the
/// vault can switch it on again.
/// </summary>
internal sealed class KeyVaultPlatformKeys(KeyVaultKeys keys, FirstKeys first, IKeepFirst shelf, VaultKeyName name) : IFleetHashKeys
{
    private const string Kept = "platform-keys/fleet-hash";
    private const int KeyBytes = 64;

    // What is wrapped is bound to a place. The owner's word cannot be confused with a tenant of that name, whose key is
    // another one.
    private static readonly TenantId Owner = TenantId.Parse("platform");

    // What was found once never changes.
    private readonly ConcurrentDictionary<string, Wrapping> known = new(StringComparer.Ordinal);

    public async ValueTask<ImmutableArray<FleetHashGeneration>> ReadAsync(CancellationToken cancellation)
    {
        if (await FindAsync(Name(1), cancellation) is null)
        {
            var newest = await first.EnsureAsync(name, VaultKeyKind.Wrapping, cancellation);
            await KeepAsync(Name(1), await OfferAsync(1, null, newest.Version, cancellation), cancellation);
        }

        var living = ImmutableArray.CreateBuilder<FleetHashGeneration>();
        await foreach (var (number, wrapping) in AllAsync(cancellation))
        {
            var letGo = await FindAsync(LetGo(number), cancellation);
            if (letGo is null || await FindAsync(Retired(number), cancellation) is null)
            {
                living.Add(new FleetHashGeneration(number, wrapping.At ?? DateTimeOffset.UnixEpoch, letGo?.At));
            }
        }

        return living.ToImmutable();
    }

    public async ValueTask<SecretBytes> OpenAsync(int number, CancellationToken cancellation)
    {
        var kept = await FindAsync(Name(number), cancellation)
            ?? throw new UnexpectedFailureException(new VaultFailures.UnknownGeneration());
        var version = KeyVersion.Parse(kept.Version);
        var plaintext = (await keys.UnwrapAsync(name, version, kept.Wrapped, cancellation)).Expect();
        var key = WrappedPlaintext.Unbind(Owner, Place(number), version, plaintext);
        CryptographicOperations.ZeroMemory(plaintext);
        return key is { Length: KeyBytes } ? key : throw new UnexpectedFailureException(new VaultFailures.WrappedKeyNotAuthentic());
    }

    public async ValueTask MakeAsync(int number, DateTimeOffset usedFrom, CancellationToken cancellation)
    {
        if (await FindAsync(Name(number), cancellation) is not null)
        {
            return;
        }

        // A version of its own, so that an older generation's can be switched off.
        var newest = (await keys.FindAsync(name, cancellation)).Expect();
        var taken = await VersionsAsync(cancellation);
        var version = taken.Any(other => other.Version == newest.Version.Text)
            ? (await keys.RotateAsync(name, cancellation)).Expect().Version
            : newest.Version;
        await KeepAsync(Name(number), await OfferAsync(number, usedFrom, version, cancellation), cancellation);
    }

    public ValueTask LetGoAsync(int number, DateTimeOffset from, CancellationToken cancellation) =>
        KeepAsync(LetGo(number), new Wrapping(1, "", [], from), cancellation);

    public ValueTask RetireAsync(int number, CancellationToken cancellation) =>
        KeepAsync(Retired(number), new Wrapping(1, "", [], null), cancellation);

    /// <summary>Switches off the versions that retired generations alone are wrapped under.</summary>
    public async ValueTask EndRetiredAsync(CancellationToken cancellation)
    {
        var living = (await ReadAsync(cancellation)).Select(generation => generation.Number).ToHashSet();
        var all = await VersionsAsync(cancellation);
        var needed = all.Where(one => living.Contains(one.Number)).Select(one => one.Version).ToHashSet(StringComparer.Ordinal);
        var over = all.Where(one => !needed.Contains(one.Version)).Select(one => one.Version).ToHashSet(StringComparer.Ordinal);
        foreach (var version in (await keys.VersionsAsync(name, cancellation)).Expect())
        {
            if (version.IsEnabled && over.Contains(version.Version.Text))
            {
                (await keys.EnableAsync(name, version.Version, isEnabled: false, cancellation)).Expect();
            }
        }
    }

    private static string Name(int number) =>
        number == 1 ? Kept : string.Create(CultureInfo.InvariantCulture, $"{Kept}-{number}");

    private static string LetGo(int number) => string.Create(CultureInfo.InvariantCulture, $"{Kept}-{number}.let-go");

    private static string Retired(int number) => string.Create(CultureInfo.InvariantCulture, $"{Kept}-{number}.retired");

    private static WrapContext Place(int number) => new("fleet-hash", (uint)number);

    private async IAsyncEnumerable<(int Number, Wrapping Wrapping)> AllAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var number = 1; await FindAsync(Name(number), cancellation) is { } found; number++)
        {
            yield return (number, found);
        }
    }

    private async ValueTask<List<(int Number, string Version)>> VersionsAsync(CancellationToken cancellation) =>
        await AllAsync(cancellation).Select(one => (one.Number, one.Wrapping.Version)).ToListAsync(cancellation);

    private async ValueTask<Wrapping?> FindAsync(string kept, CancellationToken cancellation)
    {
        if (known.TryGetValue(kept, out var found))
        {
            return found;
        }

        return await shelf.FindAsync(kept, cancellation) is { } bytes ? known.GetOrAdd(kept, Read(bytes)) : null;
    }

    private async ValueTask KeepAsync(string kept, Wrapping value, CancellationToken cancellation) =>
        known[kept] = Read(await shelf.KeepAsync(
            kept, JsonSerializer.SerializeToUtf8Bytes(value, JsonShapes.Stored), cancellation));

    private async ValueTask<Wrapping> OfferAsync(
        int number, DateTimeOffset? usedFrom, KeyVersion version, CancellationToken cancellation)
    {
        using var fresh = SecretBytes.Random(KeyBytes);
        using var plaintext = WrappedPlaintext.Bind(Owner, Place(number), version, fresh.Reveal("to wrap it"));
        var wrapped = await keys.WrapAsync(name, version, plaintext.RevealMemory("to wrap it"), cancellation);
        return new Wrapping(1, version.Text, wrapped.Expect(), usedFrom);
    }

    private static Wrapping Read(ReadOnlyMemory<byte> kept)
    {
        try
        {
            return JsonSerializer.Deserialize<Wrapping>(kept.Span, JsonShapes.Stored) is { Shape: 1 } wrapping
                ? wrapping
                : throw new UnexpectedFailureException(new VaultFailures.UnknownVersion());
        }
        catch (JsonException)
        {
            throw new UnexpectedFailureException(new VaultFailures.WrappedKeyNotAuthentic());
        }
    }

    /// <param name="Version">Of the platform's RSA key; empty in a mark.</param>
    /// <param name="At">The moment it speaks of; null where there is none.</param>
    private sealed record Wrapping(int Shape, string Version, byte[] Wrapped, DateTimeOffset? At = null);
}
