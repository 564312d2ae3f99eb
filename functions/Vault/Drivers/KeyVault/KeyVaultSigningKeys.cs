using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using PracticPro.Kernel;

namespace PracticPro.Vault.Drivers.KeyVault;

/// <summary>
/// The signing keys: versions of one EC key in the vault. Which of them signs is not the newest, which a crash may have left
/// behind, but what lies where the first value stays:
/// <code>
/// platform-keys/signing              the version that signs first, with its public half
/// platform-keys/signing-2            its successor: version, public half, from when, and the statement both signed
/// platform-keys/signing-1.ended      the first signs no more, its version is switched off
/// </code>
/// A version that is switched off can be switched on again by a person who may change keys in the vault; the vault does not
/// destroy a single version. Its private half never leaves the vault.
/// </summary>
internal sealed class KeyVaultSigningKeys(KeyVaultKeys keys, FirstKeys first, IKeepFirst shelf, VaultKeyName name, int keySize) : ISigningKeys
{
    private const string Kept = "platform-keys/signing";

    public async ValueTask<ImmutableArray<SigningGeneration>> ReadAsync(CancellationToken cancellation)
    {
        if (await FindAsync(Name(1), cancellation) is null)
        {
            await KeepAsync(
                Name(1), Entry.Of(await first.EnsureAsync(name, VaultKeyKind.Signing, cancellation), null, null), cancellation);
        }

        var all = ImmutableArray.CreateBuilder<SigningGeneration>();
        for (var number = 1; await FindAsync(Name(number), cancellation) is { } found; number++)
        {
            var isEnded = await FindAsync(Ended(number), cancellation) is not null;
            all.Add(new SigningGeneration(number, found.At ?? DateTimeOffset.UnixEpoch, found.Statement ?? "", isEnded));
        }

        return all.ToImmutable();
    }

    public async ValueTask<ICheckpointSigner> OpenAsync(int number, CancellationToken cancellation) =>
        await FindAsync(Name(number), cancellation) is { } found
            ? new KeyVaultCheckpointSigner(keys, name, found.ToKey())
            : throw new UnexpectedFailureException(new VaultFailures.TenantKeyVersionUnknown());

    public async ValueTask<ISigningCandidate> MakeAsync(CancellationToken cancellation)
    {
        var key = (await keys.CreateAsync(name, VaultKeyKind.Signing, keySize, cancellation)).Expect();
        return new Candidate(key, new KeyVaultCheckpointSigner(keys, name, key));
    }

    public ValueTask SucceedAsync(
        ISigningCandidate candidate, int number, DateTimeOffset signsFrom, string statement, CancellationToken cancellation) =>
        KeepAsync(Name(number), Entry.Of(((Candidate)candidate).Key, signsFrom, statement), cancellation);

    // Switched off first: the mark says that it is.
    public async ValueTask EndAsync(int number, CancellationToken cancellation)
    {
        if (await FindAsync(Name(number + 1), cancellation) is null || await FindAsync(Name(number), cancellation) is not { } found)
        {
            return;
        }

        (await keys.EnableAsync(name, found.ToKey().Version, isEnabled: false, cancellation)).Expect();
        await KeepAsync(Ended(number), found with { Statement = null }, cancellation);
    }

    private static string Name(int number) =>
        number == 1 ? Kept : string.Create(CultureInfo.InvariantCulture, $"{Kept}-{number}");

    private static string Ended(int number) => string.Create(CultureInfo.InvariantCulture, $"{Kept}-{number}.ended");

    private async ValueTask<Entry?> FindAsync(string kept, CancellationToken cancellation)
    {
        if (await shelf.FindAsync(kept, cancellation) is not { } bytes)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Entry>(bytes.Span, JsonShapes.Stored) is { Shape: 1 } entry
                ? entry
                : throw new UnexpectedFailureException(new VaultFailures.UnknownVersion());
        }
        catch (JsonException)
        {
            throw new UnexpectedFailureException(new VaultFailures.UnknownVersion());
        }
    }

    private async ValueTask KeepAsync(string kept, Entry entry, CancellationToken cancellation) =>
        await shelf.KeepAsync(kept, JsonSerializer.SerializeToUtf8Bytes(entry, JsonShapes.Stored), cancellation);

    private sealed class Candidate(VaultKey key, KeyVaultCheckpointSigner signer) : ISigningCandidate
    {
        public VaultKey Key => key;

        public ICheckpointSigner Signer => signer;

        public void Dispose() => signer.Dispose();
    }

    /// <param name="X">The point, 32 bytes.</param>
    /// <param name="Y">As <paramref name="X"/>.</param>
    private sealed record Entry(int Shape, string Version, byte[] X, byte[] Y, DateTimeOffset? At = null, string? Statement = null)
    {
        public static Entry Of(VaultKey key, DateTimeOffset? at, string? statement) =>
            new(1, key.Version.Text, key.X.ToArray(), key.Y.ToArray(), at, statement);

        public VaultKey ToKey() => new(KeyVersion.Parse(Version), IsEnabled: true, At ?? DateTimeOffset.UnixEpoch, X, Y);
    }
}
