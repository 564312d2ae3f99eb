using PracticPro.Kernel;

namespace PracticPro.Vault.Drivers.KeyVault;

/// <summary>
/// Name of a key in the vault: 1–127 of <c>[0-9a-zA-Z-]</c>; the service takes no notice of case. A tenant's key is
/// <c>tenant-</c> and the tenant's id, which has no letter or sign the service would not take; platform keys are named in
/// the settings and never begin so. Tenant ids say nothing of a person, and the vault's own logs hold the name.
/// </summary>
internal readonly record struct VaultKeyName
{
    private const string OfTenants = "tenant-";
    private readonly string? text;

    private VaultKeyName(string text) => this.text = text;

    public string Text => text ?? throw new InvalidOperationException("No key name.");

    public static VaultKeyName Of(TenantId tenant) => new(OfTenants + tenant.Text);

    public static VaultKeyName Platform(string name) =>
        IsPlatform(name) ? new VaultKeyName(name) : throw new FormatException("Not a name of a platform key.");

    public static bool IsPlatform(string? name) =>
        name is { Length: >= 1 and <= 127 }
        && name.All(static symbol => char.IsAsciiLetterLower(symbol) || char.IsAsciiDigit(symbol) || symbol == '-')
        && !name.StartsWith(OfTenants, StringComparison.Ordinal);

    public override string ToString() => Text;
}
