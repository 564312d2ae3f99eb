using PracticPro.Kernel;
using PracticPro.Keys.Destruction;
using PracticPro.Vault;
using static PracticPro.Tests.Keys.DestructionPremises;

namespace PracticPro.Tests.Keys;

/// <summary>
/// Power is lost at every write of a destruction, to the store or to the key store, before and after it; a program that
/// starts then takes it to the same end.
/// </summary>
[Trait("Promise", "ENC-4")]
public sealed class DestroyKeysCrashTests
{
    private const int MostWrites = 60;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_write_power_is_lost_at_it_ends_the_same()
    {
        var writes = 0;
        while (await EndsTheSameAsync(writes))
        {
            writes++;
            Assert.True(writes < MostWrites);
        }

        // The way has an audit leaf, a record, two announcements, a key, an erasure, and a record for each move.
        Assert.True(writes > 10, $"There were {writes} places only.");
    }

    /// <summary>False when there were not so many writes, and power was never lost.</summary>
    private static async Task<bool> EndsTheSameAsync(int crashAt)
    {
        await using var premises = DestructionPremises.Local();
        await premises.FillAsync(3);
        var (seen, isLost) = (0, false);
        premises.BeforeWrite = () =>
        {
            if (seen++ >= crashAt)
            {
                isLost = true;
                throw new IOException("Power is lost.");
            }
        };
        try
        {
            var program = await premises.OpenAsync(inner => new TornDestruction(inner, premises));
            await program.DestroyAsync();
            premises.Clock.Advance(KeyRevocations.HeardWithin);
            await program.GoOnAsync();
        }
        catch (Exception) when (isLost)
        {
            // What comes next is another program, over what was written.
        }

        await premises.PassAsync(TimeSpan.FromSeconds(1));
        var next = await premises.OpenAsync();
        await next.DestroyAsync();
        premises.Clock.Advance(KeyRevocations.HeardWithin);
        await next.GoOnAsync();
        await AssertEndAsync(premises, next);
        return isLost;
    }

    private static async Task AssertEndAsync(DestructionPremises premises, DestroyingProgram program)
    {
        var end = await program.EndAsync();
        Assert.Equal(KeyEndState.Final, end.State);
        Assert.Equal(DataKeyRecord.Uses.Count, end.WrappedKeys.Length);
        Assert.NotEmpty(end.Samples);
        Assert.IsType<VaultFailures.TenantKeyDestroyed>(await program.RefusalAsync());
        Assert.Empty(await AskDestruction.StoredKeysAsync(premises.Storage.For(Practice).Documents, Cancellation));
        Assert.True((await program.Certificates.FindAsync(Practice, Cancellation))!.Facts.IsFinal);
        var acts = await DestroyKeysTests.ActsAsync(premises);
        Assert.Single(acts, "keys-destroyed");
        Assert.Single(acts, "keys-destruction-final");
        Assert.Empty(premises.Log.Pages);
    }

    /// <summary>Counts the destruction in the key store as two places: before it, and when it is done and not known.</summary>
    private sealed class TornDestruction(IKeyEncryption inner, DestructionPremises premises) : IKeyEncryption
    {
        public ValueTask<KeyVersion> EnsureAsync(TenantId tenant, CancellationToken cancellation) =>
            inner.EnsureAsync(tenant, cancellation);

        public ValueTask<Outcome<KeyVersion>> RenewAsync(TenantId tenant, CancellationToken cancellation) =>
            inner.RenewAsync(tenant, cancellation);

        public ValueTask<Outcome<WrappedKey>> WrapAsync(
            TenantId tenant, ReadOnlyMemory<byte> key, WrapContext context, CancellationToken cancellation) =>
            inner.WrapAsync(tenant, key, context, cancellation);

        public ValueTask<Outcome<SecretBytes>> UnwrapAsync(
            TenantId tenant, WrappedKey wrapped, WrapContext context, CancellationToken cancellation) =>
            inner.UnwrapAsync(tenant, wrapped, context, cancellation);

        public ValueTask<Outcome<IReadOnlyList<TenantKeyVersion>>> VersionsAsync(TenantId tenant, CancellationToken cancellation) =>
            inner.VersionsAsync(tenant, cancellation);

        public ValueTask<Outcome<Done>> SwitchOffAsync(TenantId tenant, KeyVersion version, CancellationToken cancellation) =>
            inner.SwitchOffAsync(tenant, version, cancellation);

        public async ValueTask<Outcome<KeyDestruction>> DestroyAsync(TenantId tenant, CancellationToken cancellation)
        {
            premises.BeforeWrite();
            var destroyed = await inner.DestroyAsync(tenant, cancellation);
            premises.BeforeWrite();
            return destroyed;
        }

        public ValueTask<KeyDestruction?> FindDestructionAsync(TenantId tenant, CancellationToken cancellation) =>
            inner.FindDestructionAsync(tenant, cancellation);
    }
}
