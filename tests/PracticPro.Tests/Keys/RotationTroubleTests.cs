using PracticPro.Keys.Rotation;
using PracticPro.Kernel;
using PracticPro.Tests.Support;
using PracticPro.Vault;
using static PracticPro.Tests.Vault.VaultFixture;

namespace PracticPro.Tests.Keys;

/// <summary>A key store that is down, slow to come back, or does not let a key be used, at any call of a rotation.</summary>
public sealed class RotationTroubleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Promise", "ENC-2")]
    public async Task A_call_that_fails_pauses_the_rotation_and_the_next_try_goes_on(bool disabled)
    {
        for (var call = 1; ; call++)
        {
            using var vault = Make();
            using var store = new MoodyKeyStore(vault.Encryption) { FailsAt = call, IsDisabled = disabled };
            using var program = new RotationProgram(vault, new MemoryFleet(), encryption: store);
            await program.WriteAsync(A, Sheet.Record, new Sheet("s", "text"));
            store.Arm();
            var troubles = new HashSet<string>();

            var id = await program.BeginAsync(A);
            var finished = await program.RunAsync(A, id, async () =>
            {
                var now = await KeyRotation.FindAsync(vault.Storage.For(A).Documents, Cancellation);
                if (now!.Value.Trouble is { } trouble)
                {
                    troubles.Add(trouble);
                    store.Mend();
                }
            });

            Assert.Equal(RotationStage.Finished, finished!.Stage);
            Assert.Null(finished.Trouble);
            Assert.Equal("text", await program.ReadAsync(A, Sheet.Record, "s"));
            if (!store.Failed)
            {
                Assert.True(call > 10);
                return;
            }

            Assert.Equal([disabled ? "tenant-key-disabled" : "key-store-silent"], troubles);
        }
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task A_record_that_does_not_open_stops_the_rotation_and_no_key_goes()
    {
        using var vault = Make();
        using var program = new RotationProgram(vault, new MemoryFleet());
        await program.WriteAsync(A, Sheet.Record, new Sheet("s", "text"));
        var id = await program.BeginAsync(A);
        var document = vault.Storage.Tenant(A).Everything().Single(each => each.Key == Sheet.Record.Key("s"));
        var body = document.Body.ToArray();
        body[^1] ^= 1;
        vault.Storage.Tenant(A).Overwrite(document with { Body = body });

        for (var step = 0; step < 100; step++)
        {
            await program.Advance.RunAsync(A, id, Cancellation);
            vault.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        var stopped = (await KeyRotation.FindAsync(vault.Storage.For(A).Documents, Cancellation))!.Value;
        Assert.Equal((RotationStage.Reseal, "record-tampered"), (stopped.Stage, stopped.Trouble));
        Assert.Contains(
            vault.Storage.Tenant(A).Everything(), each => each.Key == DataKeyRecord.Documents.Key("records-0000000001"));

        vault.Storage.Tenant(A).Overwrite(document);
        Assert.Equal(RotationStage.Finished, (await program.RunAsync(A, id))!.Stage);
    }

    /// <summary>Fails from one call on until it is mended.</summary>
    private sealed class MoodyKeyStore(IKeyEncryption inner) : IKeyEncryption, IDisposable
    {
        private int calls;
        private bool isArmed;
        private bool isMended;

        public int FailsAt { get; init; }

        public bool IsDisabled { get; init; }

        public bool Failed { get; private set; }

        public void Arm() => isArmed = true;

        public void Mend() => isMended = true;

        public void Dispose() => isArmed = false;

        public ValueTask<KeyVersion> EnsureAsync(TenantId tenant, CancellationToken cancellation) =>
            inner.EnsureAsync(tenant, cancellation);

        public async ValueTask<Outcome<KeyVersion>> RenewAsync(TenantId tenant, CancellationToken cancellation) =>
            Refusal() is { } no ? no : await inner.RenewAsync(tenant, cancellation);

        public async ValueTask<Outcome<WrappedKey>> WrapAsync(
            TenantId tenant, ReadOnlyMemory<byte> key, WrapContext context, CancellationToken cancellation) =>
            Refusal() is { } no ? no : await inner.WrapAsync(tenant, key, context, cancellation);

        public async ValueTask<Outcome<SecretBytes>> UnwrapAsync(
            TenantId tenant, WrappedKey wrapped, WrapContext context, CancellationToken cancellation) =>
            Refusal() is { } no ? no : await inner.UnwrapAsync(tenant, wrapped, context, cancellation);

        public async ValueTask<Outcome<IReadOnlyList<TenantKeyVersion>>> VersionsAsync(
            TenantId tenant, CancellationToken cancellation) =>
            Refusal() is { } no ? no : await inner.VersionsAsync(tenant, cancellation);

        public ValueTask<Outcome<Done>> SwitchOffAsync(TenantId tenant, KeyVersion version, CancellationToken cancellation) =>
            inner.SwitchOffAsync(tenant, version, cancellation);

        public ValueTask<Outcome<KeyDestruction>> DestroyAsync(TenantId tenant, CancellationToken cancellation) =>
            inner.DestroyAsync(tenant, cancellation);

        public ValueTask<KeyDestruction?> FindDestructionAsync(TenantId tenant, CancellationToken cancellation) =>
            inner.FindDestructionAsync(tenant, cancellation);

        private VaultFailures.TenantKeyDisabled? Refusal()
        {
            if (!isArmed || isMended || ++calls < FailsAt)
            {
                return null;
            }

            Failed = true;
            return IsDisabled
                ? new VaultFailures.TenantKeyDisabled()
                : throw new KeyStoreUnavailableException(new KeyStoreFailures.Silent());
        }
    }
}
