using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using PracticPro.Kernel;

namespace PracticPro.Vault.Drivers.Local;

/// <summary>
/// What the key file holds. The only shape in the program that has keys in JSON; nothing but <see cref="LocalKeyFile"/>
/// reads or writes it.
/// </summary>
/// <param name="Shape">
/// Version of this shape: 1, or 2 once a version was switched off or a key destroyed. A program that knows 1 only must
/// not read such a file: it would use the one and make the other anew.
/// </param>
/// <param name="Tenants">Key-encryption keys a tenant, 32 bytes each, versions 1, 2, … in order.</param>
/// <param name="FleetHashKey">64 bytes; none once there are <paramref name="FleetHashes"/>.</param>
/// <param name="SigningKey">P-256 private key, PKCS #8; none once there are <paramref name="SigningKeys"/>.</param>
/// <param name="Off">Numbers of versions that are switched off, a tenant. A person switches one on by taking it out.</param>
/// <param name="Destroyed">What stays of tenants whose keys were taken out.</param>
/// <param name="FleetHashes">Generations of the fleet hash key, from its first change on; none before.</param>
/// <param name="SigningKeys">The same of the signing key.</param>
internal sealed record LocalKeys(
    int Shape,
    ImmutableSortedDictionary<string, ImmutableArray<byte[]>> Tenants,
    byte[] FleetHashKey,
    byte[] SigningKey,
    ImmutableSortedDictionary<string, ImmutableArray<int>>? Off = null,
    ImmutableSortedDictionary<string, DestroyedLocalKey>? Destroyed = null,
    ImmutableArray<LocalFleetHashKey>? FleetHashes = null,
    ImmutableArray<LocalSigningKey>? SigningKeys = null) : IDisposable
{
    public const int KeyBytes = 32;
    public const int FleetHashBytes = 64;

    /// <summary>Every generation of the signing key, oldest first.</summary>
    [JsonIgnore]
    public ImmutableArray<LocalSigningKey> AllSigningKeys =>
        SigningKeys ?? [new LocalSigningKey(1, DateTimeOffset.UnixEpoch, "", SigningKey)];

    /// <summary>Every generation of the fleet hash key, oldest first.</summary>
    [JsonIgnore]
    public ImmutableArray<LocalFleetHashKey> AllFleetHashes =>
        FleetHashes ?? [new LocalFleetHashKey(1, DateTimeOffset.UnixEpoch, null, FleetHashKey)];

    public static LocalKeys New()
    {
        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new LocalKeys(
            1,
            ImmutableSortedDictionary.Create<string, ImmutableArray<byte[]>>(StringComparer.Ordinal),
            Fresh(FleetHashBytes),
            Pkcs8(signing));
    }

    /// <summary>Every key's bytes.</summary>
    private IEnumerable<byte[]> All => Tenants.Values.SelectMany(static keys => keys)
        .Concat(AllFleetHashes.Select(static hash => hash.Key))
        .Concat(AllSigningKeys.Select(static signing => signing.Key));

    /// <summary>A random key, in memory that the collector does not move: zeroed, no copy of it stays.</summary>
    public static byte[] Fresh(int length)
    {
        var key = GC.AllocateArray<byte>(length, pinned: true);
        RandomNumberGenerator.Fill(key);
        return key;
    }

    /// <summary>The private key in PKCS #8, in memory that the collector does not move.</summary>
    public static byte[] Pkcs8(ECDsa signing)
    {
        Span<byte> room = stackalloc byte[512];
        if (!signing.TryExportPkcs8PrivateKey(room, out var length))
        {
            throw new InvalidOperationException("A key on P-256 is longer than it can be.");
        }

        var key = GC.AllocateArray<byte>(length, pinned: true);
        room[..length].CopyTo(key);
        CryptographicOperations.ZeroMemory(room);
        return key;
    }

    /// <summary>Zeroes what is in this and not in what came of it: keys are shared between the two.</summary>
    public void ZeroAllBut(LocalKeys after)
    {
        foreach (var key in All.Except<byte[]>(after.All, ReferenceEqualityComparer.Instance))
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Zeroes every key. What was found in this is zero from then on.</summary>
    public void Dispose()
    {
        foreach (var key in All)
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    public LocalKeys Checked() =>
        Shape is 1 or 2 && AllSigningKeys.Length > 0 && AllSigningKeys[^1].Key.Length > 0
        && AllFleetHashes.Length > 0 && AllFleetHashes.All(hash => hash.Key.Length == FleetHashBytes)
        && Tenants.Values.All(keys => keys.Length > 0 && keys.All(key => key.Length == KeyBytes))
            ? this
            : throw new KeyFileException("The key file has an unknown shape. Restore it from its backup.");

    /// <summary>The key of a version, the newest when none is named; null when there is none.</summary>
    public (KeyVersion Version, byte[] Key)? Find(TenantId tenant, KeyVersion? version)
    {
        if (IsDestroyed(tenant) || !Tenants.TryGetValue(tenant.Text, out var keys))
        {
            return null;
        }

        var wanted = version is { } named
            ? int.TryParse(named.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
            : keys.Length;
        return wanted >= 1 && wanted <= keys.Length
            ? (Named(wanted), keys[wanted - 1])
            : null;
    }

    public bool Has(TenantId tenant) => Tenants.ContainsKey(tenant.Text) && !IsDestroyed(tenant);

    public bool IsDestroyed(TenantId tenant) => FindDestroyed(tenant) is not null;

    public DestroyedLocalKey? FindDestroyed(TenantId tenant) => Destroyed?.GetValueOrDefault(tenant.Text);

    public bool IsOff(TenantId tenant, KeyVersion version) =>
        Off is not null && Off.GetValueOrDefault(tenant.Text, []).Any(number => Named(number) == version);

    /// <summary>Every version, oldest first; none for a tenant without a key.</summary>
    public ImmutableArray<KeyVersion> Versions(TenantId tenant) =>
        Has(tenant) ? [.. Enumerable.Range(1, Tenants[tenant.Text].Length).Select(Named)] : [];

    /// <summary>As this, with one of <see cref="Versions"/> switched off.</summary>
    public LocalKeys WithOff(TenantId tenant, KeyVersion version)
    {
        var before = Off ?? ImmutableSortedDictionary.Create<string, ImmutableArray<int>>(StringComparer.Ordinal);
        var number = int.Parse(version.Text, NumberStyles.None, CultureInfo.InvariantCulture);
        return this with { Shape = 2, Off = before.SetItem(tenant.Text, before.GetValueOrDefault(tenant.Text, []).Add(number)) };
    }

    /// <summary>As this, without the tenant's keys, and with the mark that they were destroyed.</summary>
    public LocalKeys WithoutKeys(TenantId tenant, DateTimeOffset at)
    {
        var before = Destroyed ?? ImmutableSortedDictionary.Create<string, DestroyedLocalKey>(StringComparer.Ordinal);
        return this with
        {
            Shape = 2,
            Tenants = Tenants.Remove(tenant.Text),
            Off = Off?.Remove(tenant.Text),
            Destroyed = before.SetItem(tenant.Text, new DestroyedLocalKey(at, Versions(tenant))),
        };
    }

    public LocalKeys WithNewKey(TenantId tenant)
    {
        var earlier = Tenants.GetValueOrDefault(tenant.Text, []);
        var key = Fresh(KeyBytes);
        return this with { Tenants = Tenants.SetItem(tenant.Text, earlier.Add(key)) };
    }

    // A record would print its parts.
    public override string ToString() => "***";

    private static KeyVersion Named(int number) => KeyVersion.Parse(number.ToString(CultureInfo.InvariantCulture));
}

/// <summary>What stays in the file of a key that was taken out of it.</summary>
internal sealed record DestroyedLocalKey(DateTimeOffset At, ImmutableArray<KeyVersion> Versions);
