using Azure.Core;
using PracticPro.Kernel;

namespace PracticPro.Vault.Drivers.KeyVault;

/// <summary>
/// The keys of one vault, operation by operation: what <see cref="KeyVaultKeyEncryption"/> is made of, and what goes beyond
/// its port (rotation policy, disabling, deleting, recovering). Every call may throw
/// <see cref="KeyStoreUnavailableException"/>. Failures are those of <see cref="VaultFailures"/> that begin with
/// <c>TenantKey</c>, for platform keys too.
/// </summary>
internal sealed class KeyVaultKeys(KeyVaultWire wire)
{
    private const string Oaep = "RSA-OAEP-256";
    private const string Es256 = "ES256";
    private const int MostPages = 100;

    /// <summary>The newest version; it may be disabled only where the vault shows disabled keys.</summary>
    public async ValueTask<Outcome<VaultKey>> FindAsync(VaultKeyName name, CancellationToken cancellation)
    {
        var answer = await wire.AskAsync(new(RequestMethod.Get, $"/keys/{name.Text}"), cancellation);
        if (!answer.Succeeded)
        {
            return await WhyNotAsync(name, answer, cancellation);
        }

        var key = KeyVaultShapes.ReadKey(answer.Body);
        return key.IsEnabled ? key : new VaultFailures.TenantKeyDisabled();
    }

    /// <summary>
    /// Makes a key, or a further version of one that exists. Not safe to repeat: see <see cref="FirstKeys"/>.
    /// </summary>
    /// <returns>The version, or <see cref="VaultFailures.TenantKeyDeleted"/> when the name lies in the bin.</returns>
    public async ValueTask<Outcome<VaultKey>> CreateAsync(
        VaultKeyName name, VaultKeyKind kind, int keySize, CancellationToken cancellation)
    {
        var call = new KeyVaultCall(
            RequestMethod.Post, $"/keys/{name.Text}/create", KeyVaultShapes.NewKey(kind, keySize), IsSafe: false);
        var answer = await wire.AskAsync(call, cancellation);
        return answer.Succeeded ? KeyVaultShapes.ReadKey(answer.Body) : await WhyNotAsync(name, answer, cancellation);
    }

    /// <summary>Makes a further version. Not safe to repeat: repeating makes another one.</summary>
    public async ValueTask<Outcome<VaultKey>> RotateAsync(VaultKeyName name, CancellationToken cancellation)
    {
        var call = new KeyVaultCall(RequestMethod.Post, $"/keys/{name.Text}/rotate", IsSafe: false);
        var answer = await wire.AskAsync(call, cancellation);
        return answer.Succeeded ? KeyVaultShapes.ReadKey(answer.Body) : await WhyNotAsync(name, answer, cancellation);
    }

    /// <summary>Every version, in no order.</summary>
    public async ValueTask<Outcome<IReadOnlyList<VaultKey>>> VersionsAsync(VaultKeyName name, CancellationToken cancellation)
    {
        var versions = new List<VaultKey>();
        var path = $"/keys/{name.Text}/versions";
        var query = "";
        for (var page = 0; page < MostPages; page++)
        {
            var answer = await wire.AskAsync(new(RequestMethod.Get, path, Query: query), cancellation);
            if (!answer.Succeeded)
            {
                return await WhyNotAsync(name, answer, cancellation);
            }

            var (found, next) = KeyVaultShapes.ReadVersions(answer.Body);
            versions.AddRange(found);
            if (next is null)
            {
                return versions;
            }

            // Of the address only where the list goes on is taken, so that no answer leads elsewhere.
            query = next.Query;
        }

        throw new KeyStoreUnavailableException(new KeyStoreFailures.NotUnderstood());
    }

    /// <summary>Wraps under exactly that version, by RSA-OAEP with SHA-256 (RFC 8017 section 7.1).</summary>
    /// <param name="plain">At most 318 bytes under a key of 3,072 bits: its length less 66 bytes.</param>
    public ValueTask<Outcome<byte[]>> WrapAsync(
        VaultKeyName name, KeyVersion version, ReadOnlyMemory<byte> plain, CancellationToken cancellation) =>
        UseAsync(name, version, "wrapkey", KeyVaultShapes.Use(Oaep, plain.Span), cancellation);

    /// <summary>Unwraps under exactly that version. The caller zeroes what it gets.</summary>
    /// <returns>The bytes, a failure of the key, or <see cref="VaultFailures.WrappedKeyNotAuthentic"/>.</returns>
    public ValueTask<Outcome<byte[]>> UnwrapAsync(
        VaultKeyName name, KeyVersion version, ReadOnlyMemory<byte> wrapped, CancellationToken cancellation) =>
        UseAsync(name, version, "unwrapkey", KeyVaultShapes.Use(Oaep, wrapped.Span), cancellation);

    /// <summary>Signs a SHA-256 digest with ES256.</summary>
    /// <returns>64 bytes, <c>r | s</c>.</returns>
    public ValueTask<Outcome<byte[]>> SignAsync(
        VaultKeyName name, KeyVersion version, ReadOnlyMemory<byte> digest, CancellationToken cancellation) =>
        UseAsync(name, version, "sign", KeyVaultShapes.Use(Es256, digest.Span), cancellation);

    /// <summary>The rotation policy as the vault has it now.</summary>
    public async ValueTask<Outcome<VaultKeyRotation>> RotationAsync(VaultKeyName name, CancellationToken cancellation)
    {
        var answer = await wire.AskAsync(new(RequestMethod.Get, $"/keys/{name.Text}/rotationpolicy"), cancellation);
        return answer.Succeeded ? KeyVaultShapes.ReadPolicy(answer.Body) : await WhyNotAsync(name, answer, cancellation);
    }

    /// <summary>Sets it.</summary>
    /// <returns>The policy as the vault then has it.</returns>
    public async ValueTask<Outcome<VaultKeyRotation>> SetRotationAsync(
        VaultKeyName name, VaultKeyRotation rotation, CancellationToken cancellation)
    {
        var call = new KeyVaultCall(RequestMethod.Put, $"/keys/{name.Text}/rotationpolicy", KeyVaultShapes.Policy(rotation));
        var answer = await wire.AskAsync(call, cancellation);
        return answer.Succeeded ? KeyVaultShapes.ReadPolicy(answer.Body) : await WhyNotAsync(name, answer, cancellation);
    }

    /// <summary>Switches one version off or on again. Off, it does nothing at all: what it wrapped does not open.</summary>
    public async ValueTask<Outcome<VaultKey>> EnableAsync(
        VaultKeyName name, KeyVersion version, bool isEnabled, CancellationToken cancellation)
    {
        var call = new KeyVaultCall(RequestMethod.Patch, PathOf(name, version), KeyVaultShapes.Enabled(isEnabled));
        var answer = await wire.AskAsync(call, cancellation);
        return answer.Succeeded ? KeyVaultShapes.ReadKey(answer.Body) : await WhyNotAsync(name, answer, cancellation);
    }

    /// <summary>
    /// Deletes the key with all its versions. They lie in the bin until the purge date; nothing opens from now on. Deleting
    /// twice is deleting once.
    /// </summary>
    public async ValueTask<Outcome<DeletedVaultKey>> DeleteAsync(VaultKeyName name, CancellationToken cancellation)
    {
        var answer = await wire.AskAsync(new(RequestMethod.Delete, $"/keys/{name.Text}"), cancellation);
        if (answer.Succeeded)
        {
            return KeyVaultShapes.ReadDeleted(answer.Body);
        }

        return await FindDeletedAsync(name, cancellation) is { } deleted
            ? deleted
            : await WhyNotAsync(name, answer, cancellation);
    }

    /// <summary>The deleted key with its purge date, or null when none of that name lies in the bin.</summary>
    public async ValueTask<DeletedVaultKey?> FindDeletedAsync(VaultKeyName name, CancellationToken cancellation)
    {
        var answer = await wire.AskAsync(new(RequestMethod.Get, $"/deletedkeys/{name.Text}"), cancellation);
        return answer.Succeeded ? KeyVaultShapes.ReadDeleted(answer.Body) : null;
    }

    /// <summary>
    /// Takes the key out of the bin with all its versions. Done twice, it finds the key where it belongs. The role the
    /// deployment gives the program does not include it: a person recovers.
    /// </summary>
    public async ValueTask<Outcome<VaultKey>> RecoverAsync(VaultKeyName name, CancellationToken cancellation)
    {
        var answer = await wire.AskAsync(new(RequestMethod.Post, $"/deletedkeys/{name.Text}/recover"), cancellation);
        return answer.Succeeded ? KeyVaultShapes.ReadKey(answer.Body) : await FindAsync(name, cancellation);
    }

    private static string PathOf(VaultKeyName name, KeyVersion version) => $"/keys/{name.Text}/{version.Text}";

    private async ValueTask<Outcome<byte[]>> UseAsync(
        VaultKeyName name, KeyVersion version, string use, byte[] body, CancellationToken cancellation)
    {
        if (!KeyVaultShapes.IsVersion(version))
        {
            return new VaultFailures.TenantKeyVersionUnknown();
        }

        var answer = await wire.AskAsync(new(RequestMethod.Post, $"{PathOf(name, version)}/{use}", body), cancellation);
        return answer switch
        {
            { Succeeded: true } => KeyVaultShapes.ReadValue(answer.Body, version),
            { Status: 400 } when use == "unwrapkey" => new VaultFailures.WrappedKeyNotAuthentic(),
            { Status: 404 } => await WhyNoVersionAsync(name, cancellation),
            _ => await WhyNotAsync(name, answer, cancellation),
        };
    }

    private async ValueTask<Failure> WhyNoVersionAsync(VaultKeyName name, CancellationToken cancellation) =>
        (await FindAsync(name, cancellation)).Failure is { } why and not VaultFailures.TenantKeyDisabled
            ? why
            : new VaultFailures.TenantKeyVersionUnknown();

    /// <summary>What a refusal that has to do with the key means. A missing key is looked for in the bin.</summary>
    private async ValueTask<Failure> WhyNotAsync(VaultKeyName name, KeyVaultAnswer answer, CancellationToken cancellation) =>
        answer.Status switch
        {
            403 => new VaultFailures.TenantKeyDisabled(),
            409 => new VaultFailures.TenantKeyDeleted(),
            404 => await IsInBinAsync(name, cancellation)
                ? new VaultFailures.TenantKeyDeleted()
                : new VaultFailures.TenantKeyMissing(),
            _ => throw new KeyStoreUnavailableException(new KeyStoreFailures.NotUnderstood()),
        };

    /// <summary>
    /// False also for a program that may not look into the bin: to it the key is missing, and that is refused as well.
    /// </summary>
    private async ValueTask<bool> IsInBinAsync(VaultKeyName name, CancellationToken cancellation)
    {
        try
        {
            return await FindDeletedAsync(name, cancellation) is not null;
        }
        catch (KeyStoreUnavailableException failed) when (failed.Failure is KeyStoreFailures.NotAllowed)
        {
            return false;
        }
    }
}
