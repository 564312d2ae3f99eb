using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Kernel;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.Local;

namespace PracticPro.Cli;

/// <summary>
/// A local vault for trying seal and open by hand, apart from every real one: its own folder, its own keys, test
/// tenants only. Made on first use, for the owner only. Several processes may use one folder at once.
/// </summary>
internal sealed class ScratchVault : IDisposable
{
    private const string TestTenants = "test-";

    private readonly LocalVault local;
    private readonly KeyRing ring;

    private ScratchVault(LocalVault local, KeyRing ring)
    {
        this.local = local;
        this.ring = ring;
    }

    /// <summary>Where it lies when nobody says: beside the user's own program data.</summary>
    public static string DefaultFolder
    {
        get
        {
            var known = Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return Path.Combine(known.Length > 0 ? known : Path.GetTempPath(), "practicpro", "scratch-vault");
        }
    }

    /// <summary>The option by which seal and open are told of another folder.</summary>
    public static Option<string?> FolderOption() => new("--vault")
    {
        Description = "The scratch vault's folder; made on first use. Default: beside the user's own program data.",
    };

    public static async ValueTask<ScratchVault> OpenAsync(
        string? folder, TimeProvider time, CancellationToken cancellation)
    {
        folder ??= DefaultFolder;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(
                folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        // The warning about local keys is left out: nothing else is ever in this vault, and the output is a protocol.
        var local = await LocalVault.OpenAsync(
            Path.Combine(folder, "keys.json"), time, NullLogger.Instance, cancellation);
        var storage = new ScratchStorage(folder, time);
        return new ScratchVault(local, new KeyRing(storage, local.KeyEncryption, time, new KeyRingOptions()));
    }

    /// <summary>True for a tenant this vault has keys for: <c>test-a</c>, <c>test-b</c>, ….</summary>
    public static bool TryTenant(string? text, out TenantId tenant) =>
        TenantId.TryParse(text, out tenant) && tenant.Text.StartsWith(TestTenants, StringComparison.Ordinal);

    public ValueTask<TenantKeys> KeysAsync(TenantId tenant, CancellationToken cancellation) =>
        ring.OpenAsync(tenant, cancellation);

    public void Dispose()
    {
        ring.Dispose();
        local.Dispose();
    }
}
