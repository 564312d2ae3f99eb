using PracticPro.Kernel;
using PracticPro.Keys.Destruction;
using PracticPro.Storage;
using PracticPro.Vault;
using static PracticPro.Tests.Keys.DestructionPremises;

namespace PracticPro.Tests.Keys;

/// <summary>The control finds what opens again, and does not take a broken program for a proof.</summary>
[Trait("Promise", "ENC-4")]
public sealed class TryShreddedTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_destruction_is_tried_once_a_day_and_the_outcome_kept()
    {
        await using var premises = DestructionPremises.Local();
        await EndAsync(premises);
        await premises.PassAsync(TimeSpan.FromDays(1));
        var program = await premises.OpenAsync();

        Assert.Equal(ShredVerdict.Shredded, Assert.Single(await program.Control.RunAsync(Cancellation)).Verdict);
        Assert.Empty(await program.Control.RunAsync(Cancellation));

        var end = await program.EndAsync();
        Assert.Equal(new ShredTry(premises.Clock.GetUtcNow(), ShredVerdict.Shredded, "refused", end.Samples.Length), end.LastTry);
        var status = new ReadShredding(program.Shelf, premises.Clock);
        Assert.Equal(new ShreddingStanding(null, premises.Clock.GetUtcNow()), await status.NowAsync(Cancellation));
        await premises.PassAsync(TimeSpan.FromHours(20));
        Assert.Single(await (await premises.OpenAsync()).Control.RunAsync(Cancellation));
    }

    [Fact]
    public async Task A_control_that_does_not_run_shows()
    {
        await using var premises = DestructionPremises.Local();
        await EndAsync(premises);
        await premises.PassAsync(TimeSpan.FromDays(3));

        var status = new ReadShredding((await premises.OpenAsync()).Shelf, premises.Clock);

        Assert.Equal(ReadShredding.NotTried, (await status.NowAsync(Cancellation))!.Trouble);
    }

    [Fact]
    public async Task A_key_file_and_a_store_put_back_from_before_are_an_alarm()
    {
        await using var premises = DestructionPremises.Local();
        await premises.FillAsync();
        var program = await premises.OpenAsync();
        var keys = await File.ReadAllBytesAsync(premises.KeyFile, Cancellation);
        var wrapped = await AskDestruction.StoredKeysAsync(premises.Storage.For(Practice).Documents, Cancellation);
        await program.DestroyAsync();
        premises.Clock.Advance(KeyRevocations.HeardWithin);
        await program.GoOnAsync();
        await premises.PassAsync(TimeSpan.FromDays(1));
        await PutBackAsync(premises, keys);
        await premises.Storage.For(Practice).Documents.CommitAsync(
            new Batch(wrapped.Select(stored => new Operation.Put(stored.Document, Condition.Absent))), Cancellation);

        var tried = Assert.Single(await (await premises.OpenAsync()).Control.RunAsync(Cancellation));

        Assert.Equal((ShredVerdict.Opened, "a-sample-opened"), (tried.Verdict, tried.Reason));
        Assert.Contains("a-sample-opened", Assert.Single(premises.Log.Pages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_put_back_alone_is_an_alarm_as_well()
    {
        await using var premises = DestructionPremises.Local();
        await premises.FillAsync();
        await premises.OpenAsync();
        var keys = await File.ReadAllBytesAsync(premises.KeyFile, Cancellation);
        var program = await premises.OpenAsync();
        await program.DestroyAsync();
        premises.Clock.Advance(KeyRevocations.HeardWithin);
        await program.GoOnAsync();
        await premises.PassAsync(TimeSpan.FromDays(1));
        await PutBackAsync(premises, keys);

        var tried = Assert.Single(await (await premises.OpenAsync()).Control.RunAsync(Cancellation));

        Assert.Equal((ShredVerdict.Opened, "the-practice-has-keys"), (tried.Verdict, tried.Reason));
    }

    [Fact]
    public async Task That_nothing_opens_because_all_is_broken_is_no_proof()
    {
        await using var premises = DestructionPremises.Local();
        await EndAsync(premises);
        await premises.PassAsync(TimeSpan.FromDays(1));
        var program = await premises.OpenAsync(static inner => new DeadForPlatform(inner));

        var tried = await program.Control.TryAsync(await (await premises.OpenAsync()).EndAsync(), Cancellation);

        Assert.Equal((ShredVerdict.NotTried, "sentinel-did-not-open"), (tried.Verdict, tried.Reason));
    }

    [Fact]
    public async Task Samples_that_are_not_those_of_the_certificate_prove_nothing()
    {
        await using var premises = DestructionPremises.Local();
        await EndAsync(premises);
        var program = await premises.OpenAsync();
        var end = await program.EndAsync();

        var tried = await program.Control.TryAsync(
            end with { Samples = end.Samples.SetItem(0, end.Samples[0] with { Sha256 = new string('0', 64) }) }, Cancellation);

        Assert.Equal(ShredVerdict.NotTried, tried.Verdict);
    }

    private static async Task EndAsync(DestructionPremises premises)
    {
        await premises.FillAsync();
        var program = await premises.OpenAsync();
        await program.DestroyAsync();
        premises.Clock.Advance(KeyRevocations.HeardWithin);
        Assert.Equal(KeyEndState.Final, (await program.GoOnAsync()).State);
    }

    /// <summary>The old file, but with the platform's own tenant, as if it had been there then.</summary>
    private static async Task PutBackAsync(DestructionPremises premises, byte[] keys)
    {
        var now = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllBytesAsync(premises.KeyFile, Cancellation))!;
        var old = System.Text.Json.Nodes.JsonNode.Parse(keys)!;
        old["tenants"]![DestructionShelf.Owner.Text] = now["tenants"]![DestructionShelf.Owner.Text]!.DeepClone();
        await File.WriteAllTextAsync(premises.KeyFile, old.ToJsonString(), Cancellation);
    }

    /// <summary>A key store that wraps nothing for the platform.</summary>
    private sealed class DeadForPlatform(IKeyEncryption inner) : IKeyEncryption
    {
        public ValueTask<KeyVersion> EnsureAsync(TenantId tenant, CancellationToken cancellation) =>
            inner.EnsureAsync(tenant, cancellation);

        public ValueTask<Outcome<KeyVersion>> RenewAsync(TenantId tenant, CancellationToken cancellation) =>
            inner.RenewAsync(tenant, cancellation);

        public ValueTask<Outcome<WrappedKey>> WrapAsync(
            TenantId tenant, ReadOnlyMemory<byte> key, WrapContext context, CancellationToken cancellation) =>
            ValueTask.FromResult<Outcome<WrappedKey>>(new VaultFailures.TenantKeyDisabled());

        public ValueTask<Outcome<SecretBytes>> UnwrapAsync(
            TenantId tenant, WrappedKey wrapped, WrapContext context, CancellationToken cancellation) =>
            inner.UnwrapAsync(tenant, wrapped, context, cancellation);

        public ValueTask<Outcome<IReadOnlyList<TenantKeyVersion>>> VersionsAsync(TenantId tenant, CancellationToken cancellation) =>
            inner.VersionsAsync(tenant, cancellation);

        public ValueTask<Outcome<Done>> SwitchOffAsync(TenantId tenant, KeyVersion version, CancellationToken cancellation) =>
            inner.SwitchOffAsync(tenant, version, cancellation);

        public ValueTask<Outcome<KeyDestruction>> DestroyAsync(TenantId tenant, CancellationToken cancellation) =>
            inner.DestroyAsync(tenant, cancellation);

        public ValueTask<KeyDestruction?> FindDestructionAsync(TenantId tenant, CancellationToken cancellation) =>
            inner.FindDestructionAsync(tenant, cancellation);
    }
}
