using System.Security.Cryptography;
using System.Text.Json;
using PracticPro.Kernel;

namespace PracticPro.Vault.Drivers.KeyVault;

/// <summary>
/// The fleet hash key: 64 random bytes, which a vault cannot hold as a key of its own (no HMAC there), wrapped under the
/// platform's RSA key and kept where the first value stays. Every program that starts offers one; all use the one that was
/// kept. When it does not unwrap, nothing takes its place: directories hashed under it could never be read again.
/// </summary>
internal sealed class KeyVaultPlatformKeys(KeyVaultKeys keys, FirstKeys first, IKeepFirst shelf, VaultKeyName name)
{
    private const string Kept = "platform-keys/fleet-hash";
    private const int KeyBytes = 64;

    // What is wrapped is bound to a place. The owner's word cannot be confused with a tenant of that name, whose key is
    // another one.
    private static readonly TenantId Owner = TenantId.Parse("platform");
    private static readonly WrapContext Place = new("fleet-hash", 1);

    /// <exception cref="UnexpectedFailureException">The platform's key, or what it wraps, may not be used.</exception>
    public async ValueTask<PlatformKeys> OpenAsync(CancellationToken cancellation)
    {
        var newest = await first.EnsureAsync(name, VaultKeyKind.Wrapping, cancellation);
        var kept = Read(await shelf.KeepAsync(Kept, await OfferAsync(newest.Version, cancellation), cancellation));
        var version = KeyVersion.Parse(kept.Version);
        var plaintext = (await keys.UnwrapAsync(name, version, kept.Wrapped, cancellation)).Expect();
        var key = WrappedPlaintext.Unbind(Owner, Place, version, plaintext);
        CryptographicOperations.ZeroMemory(plaintext);
        return key is { Length: KeyBytes }
            ? new PlatformKeys(key)
            : throw new UnexpectedFailureException(new VaultFailures.WrappedKeyNotAuthentic());
    }

    private async ValueTask<byte[]> OfferAsync(KeyVersion version, CancellationToken cancellation)
    {
        using var fresh = SecretBytes.Random(KeyBytes);
        using var plaintext = WrappedPlaintext.Bind(Owner, Place, version, fresh.Reveal("to wrap it"));
        var wrapped = await keys.WrapAsync(name, version, plaintext.RevealMemory("to wrap it"), cancellation);
        return JsonSerializer.SerializeToUtf8Bytes(new Wrapping(1, version.Text, wrapped.Expect()), JsonShapes.Stored);
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

    /// <param name="Version">Of the platform's RSA key.</param>
    private sealed record Wrapping(int Shape, string Version, byte[] Wrapped);
}
