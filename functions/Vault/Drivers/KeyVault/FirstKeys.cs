using System.Security.Cryptography;
using PracticPro.Kernel;

namespace PracticPro.Vault.Drivers.KeyVault;

/// <summary>
/// Makes the first version of a key, once. The vault cannot be asked to make a key only if there is none: creating a name
/// again adds a version. So whoever would make one first claims it on a shelf where the first claim stays
/// (<see cref="IKeepFirst"/>); the others wait for the key to appear. When it does not in time, the claimer died, and
/// another one makes it: in the worst case there is one version too many, which harms nothing, as after a rotation.
/// A key that is disabled or lies in the bin is never made anew.
/// </summary>
internal sealed class FirstKeys(KeyVaultKeys keys, IKeepFirst shelf, KeyVaultOptions options, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    // Names this program among all that may start at once. Its own claim is good at a second try.
    private readonly byte[] claim = RandomNumberGenerator.GetBytes(16);
    private readonly SemaphoreSlim one = new(1);

    /// <summary>Of keys that were destroyed, and are never made anew.</summary>
    public KeyTombstones Tombstones { get; } = new(shelf, time);

    /// <summary>The newest version, after making a first one if there is none.</summary>
    /// <exception cref="UnexpectedFailureException">There is one that may not be used, or one was destroyed.</exception>
    public async ValueTask<VaultKey> EnsureAsync(VaultKeyName name, VaultKeyKind kind, CancellationToken cancellation)
    {
        // Also when there is a key: somebody may have brought it back.
        if (await Tombstones.FindAsync(name, cancellation) is not null)
        {
            throw new UnexpectedFailureException(new VaultFailures.TenantKeyDestroyed());
        }

        var key = await FindAsync(name, cancellation) ?? await MakeAsync(name, kind, cancellation);
        if (kind == VaultKeyKind.Wrapping)
        {
            await EnsureRotationAsync(name, cancellation);
        }

        return key;
    }

    /// <summary>Null when there is none; what may not be used throws.</summary>
    private async ValueTask<VaultKey?> FindAsync(VaultKeyName name, CancellationToken cancellation)
    {
        var found = await keys.FindAsync(name, cancellation);
        return found.Failure is VaultFailures.TenantKeyMissing ? null : found.Expect();
    }

    private async ValueTask<VaultKey> MakeAsync(VaultKeyName name, VaultKeyKind kind, CancellationToken cancellation)
    {
        var kept = await shelf.KeepAsync($"key-claims/{name.Text}", claim, cancellation);
        if (!kept.Span.SequenceEqual(claim) && await WaitAsync(name, cancellation) is { } others)
        {
            return others;
        }

        await one.WaitAsync(cancellation);
        try
        {
            return await FindAsync(name, cancellation) ?? await CreateAsync(name, kind, cancellation);
        }
        finally
        {
            one.Release();
        }
    }

    private async ValueTask<VaultKey?> WaitAsync(VaultKeyName name, CancellationToken cancellation)
    {
        for (var since = time.GetTimestamp(); time.GetElapsedTime(since) < options.ClaimPatience;)
        {
            if (await FindAsync(name, cancellation) is { } found)
            {
                return found;
            }

            await Task.Delay(Look, time, cancellation);
        }

        return null;
    }

    /// <summary>When no answer came, the key may be there all the same: it is looked for before it is asked for again.</summary>
    private async ValueTask<VaultKey> CreateAsync(VaultKeyName name, VaultKeyKind kind, CancellationToken cancellation)
    {
        try
        {
            return (await keys.CreateAsync(name, kind, options.KeySize, cancellation)).Expect();
        }
        catch (KeyStoreUnavailableException failed) when (MayHaveHappened(failed.Failure))
        {
            return await FindAsync(name, cancellation)
                ?? (await keys.CreateAsync(name, kind, options.KeySize, cancellation)).Expect();
        }
    }

    private async ValueTask EnsureRotationAsync(VaultKeyName name, CancellationToken cancellation)
    {
        // Also for a key that was found: whoever made it may have died before setting this.
        if ((await keys.RotationAsync(name, cancellation)).Expect().RotateAfter is null)
        {
            (await keys.SetRotationAsync(name, new VaultKeyRotation(options.RotateAfter), cancellation)).Expect();
        }
    }

    private static bool MayHaveHappened(Failure failure) =>
        failure is KeyStoreFailures.Silent or KeyStoreFailures.Unreachable or KeyStoreFailures.Failing
            or KeyStoreFailures.NotUnderstood;
}
