using System.Collections.Immutable;
using System.Security.Cryptography;

namespace PracticPro.Vault.Drivers.Local;

/// <summary>
/// The signing keys of a <see cref="LocalKeyFile"/>. The private half of an ended one is taken out of the file; older copies of
/// the file, and what the disk has not written over, still hold it.
/// </summary>
internal sealed class LocalSigningKeys(LocalKeyFile file) : ISigningKeys
{
    public ValueTask<ImmutableArray<SigningGeneration>> ReadAsync(CancellationToken cancellation)
    {
        using var keys = Read();
        return ValueTask.FromResult<ImmutableArray<SigningGeneration>>(
            [.. keys.AllSigningKeys.Select(key => new SigningGeneration(key.Number, key.SignsFrom, key.Statement, key.Key.Length == 0))]);
    }

    public ValueTask<ICheckpointSigner> OpenAsync(int number, CancellationToken cancellation)
    {
        using var keys = Read();
        return keys.AllSigningKeys.FirstOrDefault(key => key.Number == number) is { Key.Length: > 0 } found
            ? ValueTask.FromResult<ICheckpointSigner>(new LocalCheckpointSigner(found.Key))
            : throw new KeyFileException("A signing key is missing from the key file. Restore it from its backup.");
    }

    public ValueTask<ISigningCandidate> MakeAsync(CancellationToken cancellation) =>
        ValueTask.FromResult<ISigningCandidate>(new Candidate());

    public async ValueTask SucceedAsync(
        ISigningCandidate candidate, int number, DateTimeOffset signsFrom, string statement, CancellationToken cancellation)
    {
        var secret = ((Candidate)candidate).Key;
        var key = GC.AllocateArray<byte>(secret.Length, pinned: true);
        secret.Reveal("to keep it in the key file").CopyTo(key);
        await ChangeAsync(
            keys => keys[^1].Number == number - 1 ? keys.Add(new LocalSigningKey(number, signsFrom, statement, key)) : keys,
            cancellation);
        CryptographicOperations.ZeroMemory(key);
    }

    public async ValueTask EndAsync(int number, CancellationToken cancellation) =>
        await ChangeAsync(
            keys => keys[^1].Number > number && keys.FirstOrDefault(key => key.Number == number) is { Key.Length: > 0 } found
                ? keys.Replace(found, found with { Key = [] })
                : keys,
            cancellation);

    private LocalKeys Read() =>
        file.Read() ?? throw new KeyFileException("The key file is gone. Restore it from its backup.");

    private async ValueTask ChangeAsync(
        Func<ImmutableArray<LocalSigningKey>, ImmutableArray<LocalSigningKey>> change, CancellationToken cancellation)
    {
        using var changed = await file.ChangeAsync(
            now =>
            {
                var before = now.AllSigningKeys;
                var after = change(before);
                return after == before ? now : now with { SigningKey = [], SigningKeys = after };
            },
            cancellation);
    }

    private sealed class Candidate : ISigningCandidate
    {
        private readonly LocalCheckpointSigner signer;

        public Candidate()
        {
            using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var pkcs8 = LocalKeys.Pkcs8(fresh);
            (Key, signer) = (new SecretBytes(pkcs8), new LocalCheckpointSigner(pkcs8));
            CryptographicOperations.ZeroMemory(pkcs8);
        }

        public SecretBytes Key { get; }

        public ICheckpointSigner Signer => signer;

        public void Dispose()
        {
            Key.Dispose();
            signer.Dispose();
        }
    }
}

/// <summary>One signing key in the key file.</summary>
/// <param name="Statement">As <see cref="SigningGeneration.Statement"/>.</param>
/// <param name="Key">P-256 private key, PKCS #8; empty once it is ended.</param>
internal sealed record LocalSigningKey(int Number, DateTimeOffset SignsFrom, string Statement, byte[] Key)
{
    // A record would print its parts.
    public override string ToString() => "***";
}
