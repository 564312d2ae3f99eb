using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Kernel;
using PracticPro.Tests.Support;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.Local;

namespace PracticPro.Tests.Vault;

/// <summary>A vault of its own folder, storage in memory and a clock that stands still.</summary>
internal sealed class VaultFixture : IDisposable
{
    public static readonly TenantId A = TenantId.Parse("test-a");
    public static readonly TenantId B = TenantId.Parse("test-b");
    public static readonly SealContext Place = new("note", "note-1", "text", 1);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("practicpro-vault-");

    private VaultFixture(KeyRingOptions? options, Func<IKeyEncryption, IKeyEncryption>? wrap)
    {
        KeyFile = Path.Combine(folder.FullName, "keys", "local.keys");
        Local = LocalVault.OpenAsync(KeyFile, Clock, NullLogger.Instance, CancellationToken.None)
            .AsTask().GetAwaiter().GetResult();
        Storage = new MemoryStorage(Clock);
        Encryption = wrap is null ? Local.KeyEncryption : wrap(Local.KeyEncryption);
        Ring = new KeyRing(Storage, Encryption, Clock, options ?? new KeyRingOptions());
    }

    public FakeClock Clock { get; } = new();

    public string KeyFile { get; }

    public LocalVault Local { get; }

    public MemoryStorage Storage { get; }

    public IKeyEncryption Encryption { get; }

    public KeyRing Ring { get; }

    public static VaultFixture Make(
        KeyRingOptions? options = null, Func<IKeyEncryption, IKeyEncryption>? encryption = null) =>
        new(options, encryption);

    public static ReadOnlySpan<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(Outcome<PlainBytes> opened)
    {
        using var plain = opened.Expect();
        return Encoding.UTF8.GetString(plain.Span);
    }

    public ValueTask<TenantKeys> KeysAsync(TenantId tenant) => Ring.OpenAsync(tenant, TestContext.Current.CancellationToken);

    public async ValueTask<SealedRecords> RecordsAsync(TenantId tenant) =>
        new(Storage.For(tenant).Documents, await KeysAsync(tenant));

    public void Dispose()
    {
        Ring.Dispose();
        Local.Dispose();
        folder.Delete(recursive: true);
    }
}
