using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using PracticPro.Kernel;

namespace PracticPro.Vault.Drivers.Local;

/// <summary>
/// What the key file holds. The only shape in the program that has keys in JSON; nothing but <see cref="LocalKeyFile"/>
/// reads or writes it.
/// </summary>
/// <param name="Shape">Version of this shape, 1.</param>
/// <param name="Tenants">Key-encryption keys a tenant, 32 bytes each, versions 1, 2, … in order.</param>
/// <param name="FleetHashKey">64 bytes; none once there are <paramref name="FleetHashes"/>.</param>
/// <param name="SigningKey">P-256 private key, PKCS #8.</param>
/// <param name="FleetHashes">Its generations, from the first change of it on; none before.</param>
internal sealed record LocalKeys(
    int Shape,
    ImmutableSortedDictionary<string, ImmutableArray<byte[]>> Tenants,
    byte[] FleetHashKey,
    byte[] SigningKey,
    ImmutableArray<LocalFleetHashKey>? FleetHashes = null)
{
    public const int KeyBytes = 32;
    public const int FleetHashBytes = 64;

    /// <summary>Every generation of the fleet hash key, oldest first.</summary>
    public ImmutableArray<LocalFleetHashKey> AllFleetHashes =>
        FleetHashes ?? [new LocalFleetHashKey(1, DateTimeOffset.UnixEpoch, null, FleetHashKey)];

    public static LocalKeys New()
    {
        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new LocalKeys(
            1,
            ImmutableSortedDictionary.Create<string, ImmutableArray<byte[]>>(StringComparer.Ordinal),
            RandomNumberGenerator.GetBytes(FleetHashBytes),
            signing.ExportPkcs8PrivateKey());
    }

    public LocalKeys Checked() =>
        Shape == 1 && SigningKey.Length > 0
        && AllFleetHashes.Length > 0 && AllFleetHashes.All(hash => hash.Key.Length == FleetHashBytes)
        && Tenants.Values.All(keys => keys.Length > 0 && keys.All(key => key.Length == KeyBytes))
            ? this
            : throw new KeyFileException("The key file has an unknown shape. Restore it from its backup.");

    /// <summary>The key of a version, the newest when none is named; null when there is none.</summary>
    public (KeyVersion Version, byte[] Key)? Find(TenantId tenant, KeyVersion? version)
    {
        if (!Tenants.TryGetValue(tenant.Text, out var keys))
        {
            return null;
        }

        var wanted = version is { } named
            ? int.TryParse(named.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
            : keys.Length;
        return wanted >= 1 && wanted <= keys.Length
            ? (KeyVersion.Parse(wanted.ToString(CultureInfo.InvariantCulture)), keys[wanted - 1])
            : null;
    }

    public bool Has(TenantId tenant) => Tenants.ContainsKey(tenant.Text);

    public LocalKeys WithNewKey(TenantId tenant)
    {
        var earlier = Tenants.GetValueOrDefault(tenant.Text, []);
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        return this with { Tenants = Tenants.SetItem(tenant.Text, earlier.Add(key)) };
    }

    // A record would print its parts.
    public override string ToString() => "***";
}
