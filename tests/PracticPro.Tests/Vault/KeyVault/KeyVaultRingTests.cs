using PracticPro.Kernel;
using PracticPro.KeyVaultDouble;
using PracticPro.Tests.Support;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.KeyVault;
using static PracticPro.Tests.Vault.VaultFixture;

namespace PracticPro.Tests.Vault.KeyVault;

/// <summary>What a practice notices of its key vault.</summary>
[Trait("Promise", "ENC-2")]
public sealed class KeyVaultRingTests : IAsyncLifetime
{
    private readonly FakeClock clock = new();
    private VaultPremises premises = null!;
    private MemoryStorage storage = null!;
    private KeyVaultKeyEncryption encryption = null!;
    private KeyRing ring = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        premises = await VaultPremises.OpenAsync(clock);
        storage = new MemoryStorage(clock);
        encryption = premises.Encryption();
        ring = new KeyRing(storage, encryption, clock, new KeyRingOptions());
    }

    public async ValueTask DisposeAsync()
    {
        ring.Dispose();
        await premises.DisposeAsync();
    }

    [Fact]
    public async Task Opening_a_tenant_asks_once_for_each_data_key_and_then_not_for_five_minutes()
    {
        var value = (await ring.OpenAsync(A, Cancellation)).Seal(Purpose.Notes, Place, Utf8("x"));
        Assert.Equal(7, premises.Asked("wrapkey"));
        Assert.Equal(7, premises.Asked("unwrapkey"));

        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal("x", Text((await ring.OpenAsync(A, Cancellation)).Open(Purpose.Notes, Place, value)));
        Assert.Equal(7, premises.Asked("unwrapkey"));

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("x", Text((await ring.OpenAsync(A, Cancellation)).Open(Purpose.Notes, Place, value)));
        Assert.Equal(14, premises.Asked("unwrapkey"));
    }

    [Fact]
    public async Task A_vault_that_is_away_is_not_noticed_while_keys_are_held_and_then_loses_nothing()
    {
        var value = (await ring.OpenAsync(A, Cancellation)).Seal(Purpose.Notes, Place, Utf8("x"));
        premises.Server.Faults.Add(new Fault("unwrapkey", FaultKind.Answer, 1, Status: 403, Inner: "ForbiddenByFirewall"));

        Assert.Equal("x", Text((await ring.OpenAsync(A, Cancellation)).Open(Purpose.Notes, Place, value)));
        clock.Advance(TimeSpan.FromMinutes(6));
        var thrown = await Assert.ThrowsAsync<KeyStoreUnavailableException>(
            async () => await ring.OpenAsync(A, Cancellation));

        Assert.Equal("key-store-firewall", thrown.Failure.Code);
        Assert.Equal("x", Text((await ring.OpenAsync(A, Cancellation)).Open(Purpose.Notes, Place, value)));
    }

    [Fact]
    public async Task A_deleted_key_shuts_the_practice_when_held_keys_run_out_and_no_other_is_made()
    {
        var value = (await ring.OpenAsync(A, Cancellation)).Seal(Purpose.Notes, Place, Utf8("x"));
        (await premises.Keys().DeleteAsync(VaultKeyName.Of(A), Cancellation)).Expect();

        clock.Advance(TimeSpan.FromMinutes(6));
        var thrown = await Assert.ThrowsAsync<UnexpectedFailureException>(async () => await ring.OpenAsync(A, Cancellation));

        Assert.IsType<VaultFailures.TenantKeyDeleted>(thrown.Failure);
        (await premises.Keys().RecoverAsync(VaultKeyName.Of(A), Cancellation)).Expect();
        Assert.Equal("x", Text((await ring.OpenAsync(A, Cancellation)).Open(Purpose.Notes, Place, value)));
        Assert.Equal(1, premises.Asked("create"));
    }

    [Fact]
    public async Task A_rotation_between_two_openings_changes_nothing_that_is_stored()
    {
        var value = (await ring.OpenAsync(A, Cancellation)).Seal(Purpose.Notes, Place, Utf8("x"));
        var stored = storage.Tenant(A).Commits;
        (await encryption.RenewAsync(A, Cancellation)).Expect();

        clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal("x", Text((await ring.OpenAsync(A, Cancellation)).Open(Purpose.Notes, Place, value)));
        Assert.Equal(stored, storage.Tenant(A).Commits);
    }
}
