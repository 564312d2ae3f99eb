using System.Collections.Immutable;

namespace PracticPro.Vault;

/// <summary>
/// The key that signs now, whichever that is: it follows what <see cref="ISigningKeys"/> says, as <see cref="TrustedReading"/>
/// does. Its properties are those of the key as this process last read it; whoever uses more than one of them together, or
/// signs and names the key, takes <see cref="CurrentAsync"/> and stays with it.
/// </summary>
internal sealed class PlatformSigner : ICheckpointSigner, IDisposable
{
    private readonly ISigningKeys keys;
    private readonly TimeProvider time;
    private readonly TrustedReading reading;
    private ImmutableArray<Held> held = [];

    private PlatformSigner(ISigningKeys keys, TimeProvider time)
    {
        (this.keys, this.time) = (keys, time);
        reading = new TrustedReading(time, ReadAsync);
    }

    public SigningKeyId KeyId => Current().Signer.KeyId;

    public string PublicKeyPem => Current().Signer.PublicKeyPem;

    public static async ValueTask<PlatformSigner> OpenAsync(ISigningKeys keys, TimeProvider time, CancellationToken cancellation)
    {
        var opened = new PlatformSigner(keys, time);
        try
        {
            await opened.LookAsync(cancellation);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    public async ValueTask<SigningChain> CurrentAsync(CancellationToken cancellation)
    {
        await reading.EnsureAsync(cancellation);
        return Current();
    }

    public async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation) =>
        await (await CurrentAsync(cancellation)).Signer.SignAsync(message, cancellation);

    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => Current().Signer.Verify(message, signature);

    /// <summary>Reads anew which keys there are.</summary>
    public ValueTask LookAsync(CancellationToken cancellation) => reading.LookAsync(cancellation);

    public void Dispose()
    {
        reading.Dispose();
        foreach (var one in held)
        {
            (one.Signer as IDisposable)?.Dispose();
        }
    }

    private SigningChain Current()
    {
        var now = time.GetUtcNow();
        var known = held;
        var at = known.Length - 1;
        while (at > 0 && (known[at].Generation.SignsFrom > now || known[at].Signer is null))
        {
            at--;
        }

        return new SigningChain(
            known[at].Signer ?? throw new KeyStoreUnavailableException(new KeyStoreFailures.NotUnderstood()),
            [.. known[..(at + 1)].Select(one => one.Generation.Statement).Where(statement => statement.Length > 0)]);
    }

    private async ValueTask ReadAsync(CancellationToken cancellation)
    {
        var read = ImmutableArray.CreateBuilder<Held>();
        foreach (var generation in await keys.ReadAsync(cancellation))
        {
            // One that was opened is kept: somebody may be signing by it. There are a handful.
            var opened = held.FirstOrDefault(one => one.Generation.Number == generation.Number)?.Signer;
            read.Add(new Held(
                generation, opened ?? (generation.IsEnded ? null : await keys.OpenAsync(generation.Number, cancellation))));
        }

        held = read.ToImmutable();
    }

    private sealed record Held(SigningGeneration Generation, ICheckpointSigner? Signer);
}
