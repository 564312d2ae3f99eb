using PracticPro.Kernel;
using PracticPro.KeyVaultDouble;
using PracticPro.Tests.Support;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.KeyVault;
using static PracticPro.Tests.Vault.KeyVault.VaultPremises;

namespace PracticPro.Tests.Vault.KeyVault;

/// <summary>The life of a tenant's key in a vault, to its end.</summary>
[Trait("Promise", "ENC-2")]
public sealed class KeyVaultLifeTests
{
    private static readonly TenantId Tenant = TenantId.Parse("test-a");
    private static readonly VaultKeyName Name = VaultKeyName.Of(Tenant);
    private static readonly WrapContext Records = new("records", 1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_made_with_size_operations_policy_and_no_personal_thing()
    {
        await using var premises = await OpenAsync();
        premises.Options = premises.Options with { KeySize = 3072 };
        await premises.Encryption().EnsureAsync(Tenant, Cancellation);

        var made = premises.Server.Shelf.Find("tenant-test-a")!;
        Assert.Equal(("RSA", 3072), (made.Newest.Kind, made.Newest.Bits));
        Assert.Equal(["wrapKey", "unwrapKey"], made.Newest.Operations);
        Assert.Equal("wrapping", Assert.Single(made.Newest.Tags).Value);
        Assert.Null(made.Newest.Expires);
        Assert.Equal(
            new VaultKeyRotation(TimeSpan.FromDays(90)), (await premises.Keys().RotationAsync(Name, Cancellation)).Expect());
    }

    [Fact]
    public async Task A_rotation_policy_is_set_and_read_back()
    {
        await using var premises = await OpenAsync();
        await premises.Encryption().EnsureAsync(Tenant, Cancellation);
        var wanted = new VaultKeyRotation(TimeSpan.FromDays(30), TimeSpan.FromDays(60));

        Assert.Equal(wanted, (await premises.Keys().SetRotationAsync(Name, wanted, Cancellation)).Expect());
        Assert.Equal(wanted, (await premises.Keys().RotationAsync(Name, Cancellation)).Expect());
    }

    [Fact]
    public async Task Unwrapping_goes_on_while_the_key_is_rotated()
    {
        await using var premises = await OpenAsync();
        var encryption = premises.Encryption();
        await encryption.EnsureAsync(Tenant, Cancellation);
        var wrapped = await WrapAsync(encryption);

        var rotations = Task.Run(async () =>
        {
            for (var time = 0; time < 4; time++)
            {
                (await encryption.RenewAsync(Tenant, Cancellation)).Expect();
            }
        }, Cancellation);
        do
        {
            using var key = (await encryption.UnwrapAsync(Tenant, wrapped, Records, Cancellation)).Expect();
        }
        while (!rotations.IsCompleted);

        await rotations;
        Assert.Equal(5, (await premises.Keys().VersionsAsync(Name, Cancellation)).Expect().Count);
    }

    [Fact]
    public async Task A_disabled_version_refuses_and_opens_again_when_enabled()
    {
        await using var premises = await OpenAsync();
        var (encryption, keys) = (premises.Encryption(), premises.Keys());
        var version = await encryption.EnsureAsync(Tenant, Cancellation);
        var wrapped = await WrapAsync(encryption);

        (await keys.EnableAsync(Name, version, false, Cancellation)).Expect();

        Assert.IsType<VaultFailures.TenantKeyDisabled>(
            (await encryption.UnwrapAsync(Tenant, wrapped, Records, Cancellation)).Failure);
        Assert.IsType<VaultFailures.TenantKeyDisabled>(
            (await encryption.WrapAsync(Tenant, new byte[64], Records, Cancellation)).Failure);
        Assert.IsType<VaultFailures.TenantKeyDisabled>((await encryption.RenewAsync(Tenant, Cancellation)).Failure);
        var thrown = await Assert.ThrowsAsync<UnexpectedFailureException>(
            async () => await encryption.EnsureAsync(Tenant, Cancellation));
        Assert.IsType<VaultFailures.TenantKeyDisabled>(thrown.Failure);

        (await keys.EnableAsync(Name, version, true, Cancellation)).Expect();
        using var key = (await encryption.UnwrapAsync(Tenant, wrapped, Records, Cancellation)).Expect();
        Assert.Single(premises.Server.Shelf.Find(Name.Text)!.Versions);
    }

    [Fact]
    public async Task An_old_version_that_is_disabled_keeps_no_new_one_from_working()
    {
        await using var premises = await OpenAsync();
        var (encryption, keys) = (premises.Encryption(), premises.Keys());
        var first = await encryption.EnsureAsync(Tenant, Cancellation);
        var old = await WrapAsync(encryption);
        (await encryption.RenewAsync(Tenant, Cancellation)).Expect();

        (await keys.EnableAsync(Name, first, false, Cancellation)).Expect();

        Assert.IsType<VaultFailures.TenantKeyDisabled>(
            (await encryption.UnwrapAsync(Tenant, old, Records, Cancellation)).Failure);
        using var key = (await encryption.UnwrapAsync(Tenant, await WrapAsync(encryption), Records, Cancellation)).Expect();
        Assert.Equal([true, false], (await keys.VersionsAsync(Name, Cancellation)).Expect()
            .OrderBy(version => version.Version == first).Select(version => version.IsEnabled));
    }

    [Fact]
    public async Task A_deleted_key_opens_nothing_and_is_never_made_anew()
    {
        await using var premises = await OpenAsync();
        var (encryption, keys) = (premises.Encryption(), premises.Keys());
        await encryption.EnsureAsync(Tenant, Cancellation);
        var wrapped = await WrapAsync(encryption);
        (await keys.DeleteAsync(Name, Cancellation)).Expect();

        Assert.IsType<VaultFailures.TenantKeyDeleted>(
            (await encryption.UnwrapAsync(Tenant, wrapped, Records, Cancellation)).Failure);
        Assert.IsType<VaultFailures.TenantKeyDeleted>(
            (await encryption.WrapAsync(Tenant, new byte[64], Records, Cancellation)).Failure);
        Assert.IsType<VaultFailures.TenantKeyDeleted>((await encryption.RenewAsync(Tenant, Cancellation)).Failure);
        var thrown = await Assert.ThrowsAsync<UnexpectedFailureException>(
            async () => await premises.Encryption(new MemoryShelf()).EnsureAsync(Tenant, Cancellation));
        Assert.IsType<VaultFailures.TenantKeyDeleted>(thrown.Failure);
        Assert.Equal(1, premises.Asked("create"));
        Assert.IsType<VaultFailures.TenantKeyDeleted>(
            (await keys.CreateAsync(Name, VaultKeyKind.Wrapping, 2048, Cancellation)).Failure);
    }

    [Fact]
    public async Task Who_may_not_look_into_the_bin_makes_no_deleted_key_anew_either()
    {
        await using var premises = await OpenAsync();
        var encryption = premises.Encryption(new MemoryShelf());
        await premises.Encryption().EnsureAsync(Tenant, Cancellation);
        (await premises.Keys().DeleteAsync(Name, Cancellation)).Expect();
        premises.Server.Faults.Forbid("getdeleted");

        Assert.IsType<VaultFailures.TenantKeyMissing>(
            (await encryption.WrapAsync(Tenant, new byte[64], Records, Cancellation)).Failure);
        var thrown = await Assert.ThrowsAsync<UnexpectedFailureException>(
            async () => await encryption.EnsureAsync(Tenant, Cancellation));
        Assert.IsType<VaultFailures.TenantKeyDeleted>(thrown.Failure);
        Assert.NotNull(premises.Server.Shelf.Find(Name.Text)!.Deleted);
        Assert.Single(premises.Server.Shelf.Find(Name.Text)!.Versions);
    }

    [Fact]
    public async Task The_purge_date_is_read_back_and_the_key_can_be_recovered_until_then()
    {
        var clock = new FakeClock();
        await using var premises = await OpenAsync(clock);
        var (encryption, keys) = (premises.Encryption(), premises.Keys());
        await encryption.EnsureAsync(Tenant, Cancellation);
        var wrapped = await WrapAsync(encryption);

        var deleted = (await keys.DeleteAsync(Name, Cancellation)).Expect();

        Assert.Equal(new DeletedVaultKey(clock.GetUtcNow(), clock.GetUtcNow().AddDays(90), true), deleted);
        clock.Advance(TimeSpan.FromDays(89));
        Assert.Equal(deleted, await keys.FindDeletedAsync(Name, Cancellation));
        Assert.Equal(deleted, (await keys.DeleteAsync(Name, Cancellation)).Expect());
        (await keys.RecoverAsync(Name, Cancellation)).Expect();
        (await keys.RecoverAsync(Name, Cancellation)).Expect();
        using (var key = (await encryption.UnwrapAsync(Tenant, wrapped, Records, Cancellation)).Expect())
        {
            Assert.Equal(64, key.Length);
        }

        await keys.DeleteAsync(Name, Cancellation);
        clock.Advance(TimeSpan.FromDays(90));
        Assert.Null(await keys.FindDeletedAsync(Name, Cancellation));
        Assert.IsType<VaultFailures.TenantKeyMissing>(
            (await encryption.UnwrapAsync(Tenant, wrapped, Records, Cancellation)).Failure);
    }

    [Fact]
    [Trait("Promise", "ENC-4")]
    public async Task A_destroyed_key_lies_in_the_bin_until_its_purge_date_and_its_name_is_never_used_again()
    {
        var clock = new FakeClock();
        await using var premises = await OpenAsync(clock);
        var encryption = premises.Encryption();
        var version = await encryption.EnsureAsync(Tenant, Cancellation);
        var purge = clock.GetUtcNow().AddDays(90);

        var destroyed = (await encryption.DestroyAsync(Tenant, Cancellation)).Expect();

        Assert.Equal((DestroyedKeyRemains.InBin, purge, true), (destroyed.Remains, destroyed.RecoverableUntil, destroyed.IsProtected));
        clock.Advance(TimeSpan.FromDays(89));
        Assert.Equal(DestroyedKeyRemains.InBin, (await encryption.FindDestructionAsync(Tenant, Cancellation))!.Remains);
        clock.Advance(TimeSpan.FromDays(1));
        var gone = await encryption.FindDestructionAsync(Tenant, Cancellation);
        Assert.Equal((DestroyedKeyRemains.Nothing, (DateTimeOffset?)null), (gone!.Remains, gone.RecoverableUntil));
        Assert.Equal([version], gone.Versions);
        Assert.Equal(gone.BegunAt, (await encryption.DestroyAsync(Tenant, Cancellation)).Expect().BegunAt);
        var thrown = await Assert.ThrowsAsync<UnexpectedFailureException>(
            async () => await encryption.EnsureAsync(Tenant, Cancellation));
        Assert.IsType<VaultFailures.TenantKeyDestroyed>(thrown.Failure);
        Assert.Null(premises.Server.Shelf.Find(Name.Text));
    }

    [Fact]
    [Trait("Promise", "ENC-4")]
    public async Task A_destroyed_key_that_a_person_brings_back_is_told_to_be_there_and_gets_nothing_new()
    {
        await using var premises = await OpenAsync();
        var encryption = premises.Encryption();
        await encryption.EnsureAsync(Tenant, Cancellation);
        (await encryption.DestroyAsync(Tenant, Cancellation)).Expect();

        (await premises.Keys().RecoverAsync(Name, Cancellation)).Expect();

        Assert.Equal(DestroyedKeyRemains.Everything, (await encryption.FindDestructionAsync(Tenant, Cancellation))!.Remains);
        Assert.IsType<VaultFailures.TenantKeyDestroyed>((await encryption.RenewAsync(Tenant, Cancellation)).Failure);
        Assert.IsType<VaultFailures.TenantKeyDestroyed>(
            (await encryption.WrapAsync(Tenant, new byte[64], Records, Cancellation)).Failure);
        await Assert.ThrowsAsync<UnexpectedFailureException>(async () => await encryption.EnsureAsync(Tenant, Cancellation));
        Assert.Equal(DestroyedKeyRemains.InBin, (await encryption.DestroyAsync(Tenant, Cancellation)).Expect().Remains);
    }

    [Fact]
    [Trait("Promise", "ENC-4")]
    public async Task A_destruction_that_broke_off_before_the_key_was_deleted_is_told_and_can_be_ended()
    {
        await using var premises = await OpenAsync();
        var encryption = premises.Encryption();
        await encryption.EnsureAsync(Tenant, Cancellation);
        premises.Server.Faults.Add(new Fault("delete", FaultKind.Answer, Times: 3));
        await Assert.ThrowsAsync<KeyStoreUnavailableException>(async () => await encryption.DestroyAsync(Tenant, Cancellation));
        Assert.Equal(DestroyedKeyRemains.Everything, (await encryption.FindDestructionAsync(Tenant, Cancellation))!.Remains);

        var ended = (await encryption.DestroyAsync(Tenant, Cancellation)).Expect();

        Assert.Equal((DestroyedKeyRemains.InBin, 1), (ended.Remains, ended.Versions.Length));
    }

    [Fact]
    [Trait("Promise", "ENC-4")]
    public async Task A_deletion_whose_answer_was_lost_is_found()
    {
        await using var premises = await OpenAsync();
        var encryption = premises.Encryption();
        await encryption.EnsureAsync(Tenant, Cancellation);
        premises.Server.Faults.Add(new Fault("delete", FaultKind.TearAfter));

        Assert.Equal(DestroyedKeyRemains.InBin, (await encryption.DestroyAsync(Tenant, Cancellation)).Expect().Remains);
    }

    [Fact]
    [Trait("Promise", "ENC-4")]
    public async Task A_deleted_key_that_is_in_neither_place_yet_is_not_told_to_be_gone()
    {
        var clock = new FakeClock();
        await using var premises = await OpenAsync(clock, options => options with { PurgeProtection = false });
        var encryption = premises.Encryption();
        await encryption.EnsureAsync(Tenant, Cancellation);
        (await encryption.DestroyAsync(Tenant, Cancellation)).Expect();
        premises.Server.Shelf.Change(Name.Text, static _ => null);

        Assert.IsType<KeyStoreFailures.KeyInTransit>(await UnavailableAsync(
            async () => await encryption.FindDestructionAsync(Tenant, Cancellation)));
        clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(DestroyedKeyRemains.Nothing, (await encryption.FindDestructionAsync(Tenant, Cancellation))!.Remains);
    }

    [Fact]
    public async Task A_claimer_who_died_is_not_waited_for_for_ever()
    {
        await using var premises = await OpenAsync();
        premises.Options = premises.Options with { ClaimPatience = TimeSpan.FromSeconds(1) };
        await premises.Shelf.KeepAsync($"key-claims/{Name.Text}", "dead"u8.ToArray(), Cancellation);

        await premises.Encryption().EnsureAsync(Tenant, Cancellation);

        Assert.Equal(1, premises.Asked("create"));
    }

    [Fact]
    public async Task A_fleet_hash_key_that_does_not_unwrap_is_not_replaced()
    {
        await using var premises = await OpenAsync();
        (await premises.VaultAsync()).Dispose();
        var name = VaultKeyName.Platform(premises.Options.PlatformKey);
        var version = (await premises.Keys().FindAsync(name, Cancellation)).Expect().Version;
        premises.Server.Shelf.Change(name.Text, static _ => null);

        var thrown = await Assert.ThrowsAsync<UnexpectedFailureException>(() => premises.VaultAsync());

        Assert.IsType<VaultFailures.TenantKeyMissing>(thrown.Failure);
        Assert.Equal(32, version.Text.Length);
    }

    [Fact]
    public async Task A_probe_of_a_vault_that_does_not_answer_throws()
    {
        await using var premises = await OpenAsync();
        using var vault = await premises.VaultAsync();
        premises.Server.Faults.Add(new Fault("*", FaultKind.Answer, Times: 10));

        Assert.IsType<KeyStoreFailures.Failing>(await UnavailableAsync(async () => await vault.ProbeAsync(Cancellation)));
    }

    [Theory]
    [InlineData("http://name.vault.azure.net", 3072, 90)]
    [InlineData("https://name.vault.azure.net/keys", 3072, 90)]
    [InlineData("https://name.vault.azure.net", 1024, 90)]
    [InlineData("https://name.vault.azure.net", 3072, 6)]
    public void Options_that_are_not_in_order_are_told(string endpoint, int size, int days) =>
        Assert.Single(new KeyVaultOptions
        {
            Endpoint = new Uri(endpoint),
            KeySize = size,
            RotateAfter = TimeSpan.FromDays(days),
        }.Errors());

    private static async Task<WrappedKey> WrapAsync(KeyVaultKeyEncryption encryption) =>
        (await encryption.WrapAsync(Tenant, new byte[64], Records, Cancellation)).Expect();
}
