using PracticPro.Kernel;
using PracticPro.KeyVaultDouble;
using PracticPro.Tests.Support;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.KeyVault;
using static PracticPro.Tests.Vault.KeyVault.VaultPremises;

namespace PracticPro.Tests.Vault.KeyVault;

/// <summary>Every way a vault says no or nothing, and what becomes of it.</summary>
public sealed class KeyVaultTroubleTests
{
    private static readonly TenantId Tenant = TenantId.Parse("test-a");
    private static readonly VaultKeyName Name = VaultKeyName.Of(Tenant);
    private static readonly WrapContext Records = new("records", 1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(401, "", "key-store-sign-in-refused")]
    [InlineData(403, "ForbiddenByRbac", "key-store-role-missing")]
    [InlineData(403, "ForbiddenByPolicy", "key-store-role-missing")]
    [InlineData(403, "", "key-store-role-missing")]
    [InlineData(403, "ForbiddenByFirewall", "key-store-firewall")]
    [InlineData(409, "ObjectIsBeingDeleted", "key-store-key-in-transit")]
    [InlineData(408, "", "key-store-failing")]
    [InlineData(500, "", "key-store-failing")]
    [InlineData(502, "", "key-store-failing")]
    [InlineData(503, "", "key-store-failing")]
    [InlineData(302, "", "key-store-not-understood")]
    [InlineData(418, "", "key-store-not-understood")]
    public async Task Each_status_has_its_own_failure(int status, string inner, string code)
    {
        await using var premises = await OpenAsync();
        var keys = premises.Keys();
        await keys.FindDeletedAsync(Name, Cancellation);
        premises.Server.Faults.Add(new Fault("get", FaultKind.Answer, Times: 5, status, "Canary", inner.Length > 0 ? inner : null));

        var thrown = await Assert.ThrowsAsync<KeyStoreUnavailableException>(
            async () => await keys.FindAsync(Name, Cancellation));

        Assert.Equal(code, thrown.Failure.Code);
        Assert.DoesNotContain("fault", thrown.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Canary", thrown.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Tenant.Text, thrown.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "KeyDisabled", "tenant-key-disabled")]
    [InlineData(403, "KeyExpired", "tenant-key-disabled")]
    [InlineData(409, "ObjectIsDeletedButRecoverable", "tenant-key-deleted")]
    [InlineData(404, null, "tenant-key-missing")]
    public async Task Refusals_of_the_key_itself_are_values(int status, string? inner, string code)
    {
        await using var premises = await OpenAsync();
        premises.Server.Faults.Add(new Fault("get", FaultKind.Answer, 1, status, "Canary", inner));

        Assert.Equal(code, (await premises.Keys().FindAsync(Name, Cancellation)).Failure?.Code);
    }

    [Fact]
    public async Task A_role_that_is_missing_is_said_to_be()
    {
        await using var premises = await OpenAsync();
        premises.Server.Faults.Forbid("create");

        Assert.IsType<KeyStoreFailures.NotAllowed>(await UnavailableAsync(
            async () => await premises.Encryption().EnsureAsync(Tenant, Cancellation)));
    }

    [Theory]
    [InlineData(FaultKind.Answer)]
    [InlineData(FaultKind.TearBefore)]
    [InlineData(FaultKind.TearAfter)]
    internal async Task What_may_be_asked_again_is(FaultKind kind)
    {
        await using var premises = await OpenAsync();
        var encryption = premises.Encryption();
        await encryption.EnsureAsync(Tenant, Cancellation);
        var wrapped = await WrapAsync(encryption);
        premises.Server.Faults.Add(new Fault("unwrapkey", kind, Times: 2));

        using var key = (await encryption.UnwrapAsync(Tenant, wrapped, Records, Cancellation)).Expect();

        Assert.Equal(3, premises.Asked("unwrapkey"));
    }

    [Fact]
    public async Task A_stalled_vault_is_silent_after_the_limit_of_each_attempt()
    {
        var clock = new FakeClock();
        await using var premises = await OpenAsync(clock);
        premises.Options = premises.Options with { RequestLimit = TimeSpan.FromMinutes(1), Patience = TimeSpan.FromMinutes(5) };
        premises.Server.Faults.Add(new Fault("*", FaultKind.Stall, Times: 10));

        var asking = UnavailableAsync(async () => await premises.Keys().FindAsync(Name, Cancellation));
        for (var asked = 1; asked <= 3; asked++)
        {
            await Deadline.UntilAsync(
                () =>
                {
                    // The pause between two attempts passes in steps; of an attempt's limit a step is next to nothing.
                    clock.Advance(TimeSpan.FromMilliseconds(25));
                    return Asked() == asked;
                },
                Cancellation);
            Assert.False(asking.IsCompleted);
            clock.Advance(premises.Options.RequestLimit);
        }

        Assert.IsType<KeyStoreFailures.Silent>(await asking);
        Assert.Equal(3, Asked());

        int Asked() => premises.Server.Requests.Values.Sum();
    }

    [Fact]
    public async Task Who_gives_up_waiting_is_let_go_and_the_place_is_free()
    {
        await using var premises = await OpenAsync();
        premises.Options = premises.Options with { MostAtOnce = 1 };
        var keys = premises.Keys();
        await keys.FindDeletedAsync(Name, Cancellation);
        premises.Server.Faults.Add(new Fault("getdeleted", FaultKind.Stall));
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var stalled = keys.FindDeletedAsync(Name, impatient.Token).AsTask();
        await Deadline.UntilAsync(() => premises.Asked("getdeleted") == 2, Cancellation);

        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stalled);
        Assert.Null(await keys.FindDeletedAsync(Name, Cancellation));
    }

    [Fact]
    public async Task Nothing_at_the_address_is_unreachable()
    {
        await using var premises = await OpenAsync();
        var keys = premises.Keys();
        await premises.Server.DisposeAsync();

        Assert.IsType<KeyStoreFailures.Unreachable>(await UnavailableAsync(
            async () => await keys.FindAsync(Name, Cancellation)));
    }

    [Theory]
    [InlineData(FaultKind.TearAfter)]
    [InlineData(FaultKind.Garble)]
    internal async Task A_key_whose_making_was_not_answered_is_found_and_not_made_again(FaultKind kind)
    {
        await using var premises = await OpenAsync();
        premises.Server.Faults.Add(new Fault("create", kind));

        var version = await premises.Encryption().EnsureAsync(Tenant, Cancellation);

        Assert.Equal(1, premises.Asked("create"));
        Assert.Equal(version.Text, Assert.Single(premises.Server.Shelf.Find(Name.Text)!.Versions).Id);
        Assert.NotNull(premises.Server.Shelf.Find(Name.Text)!.Policy);
    }

    [Fact]
    public async Task A_key_whose_making_never_reached_the_vault_is_made_at_the_second_try()
    {
        await using var premises = await OpenAsync();
        premises.Server.Faults.Add(new Fault("create", FaultKind.TearBefore));

        await premises.Encryption().EnsureAsync(Tenant, Cancellation);

        Assert.Equal(2, premises.Asked("create"));
        Assert.Single(premises.Server.Shelf.Find(Name.Text)!.Versions);
    }

    [Fact]
    public async Task A_rotation_that_was_not_answered_is_found()
    {
        await using var premises = await OpenAsync();
        var encryption = premises.Encryption();
        var first = await encryption.EnsureAsync(Tenant, Cancellation);
        premises.Server.Faults.Add(new Fault("rotate", FaultKind.TearAfter));

        var second = (await encryption.RenewAsync(Tenant, Cancellation)).Expect();

        Assert.NotEqual(first, second);
        Assert.Equal(1, premises.Asked("rotate"));
        Assert.Equal(2, premises.Server.Shelf.Find(Name.Text)!.Versions.Count);
    }

    [Fact]
    public async Task A_rotation_that_did_not_happen_is_not_repeated_in_secret()
    {
        await using var premises = await OpenAsync();
        var encryption = premises.Encryption();
        await encryption.EnsureAsync(Tenant, Cancellation);
        premises.Server.Faults.Add(new Fault("rotate", FaultKind.Answer, Times: 2));

        Assert.IsType<KeyStoreFailures.Failing>(await UnavailableAsync(
            async () => await encryption.RenewAsync(Tenant, Cancellation)));

        Assert.Equal(1, premises.Asked("rotate"));
    }

    [Fact]
    public async Task An_answer_that_is_not_the_vaults_is_not_taken()
    {
        await using var premises = await OpenAsync();
        var encryption = premises.Encryption();
        await encryption.EnsureAsync(Tenant, Cancellation);
        var wrapped = await WrapAsync(encryption);
        premises.Server.Faults.Add(new Fault("unwrapkey", FaultKind.Garble, Times: 5));

        Assert.IsType<KeyStoreFailures.NotUnderstood>(await UnavailableAsync(
            async () => await encryption.UnwrapAsync(Tenant, wrapped, Records, Cancellation)));
    }

    [Theory]
    [InlineData("""{"deletedDate":9000000000000000000,"scheduledPurgeDate":1,"attributes":{"recoveryLevel":"Recoverable"}}""")]
    [InlineData("""{"deletedDate":1,"scheduledPurgeDate":"soon","attributes":{"recoveryLevel":"Recoverable"}}""")]
    [InlineData("""{"deletedDate":1}""")]
    public void A_number_or_member_that_no_vault_writes_is_not_understood_and_is_no_accident(string bundle)
    {
        var thrown = Assert.Throws<KeyStoreUnavailableException>(
            () => KeyVaultShapes.ReadDeleted(System.Text.Json.JsonElement.Parse(bundle)));

        Assert.IsType<KeyStoreFailures.NotUnderstood>(thrown.Failure);
        Assert.Throws<KeyStoreUnavailableException>(() => KeyVaultShapes.ReadPolicy(System.Text.Json.JsonElement.Parse(
            """{"lifetimeActions":[{"action":{"type":"Rotate"},"trigger":{"timeAfterCreate":"P99999999999Y"}}]}""")));
    }

    private static async Task<WrappedKey> WrapAsync(KeyVaultKeyEncryption encryption) =>
        (await encryption.WrapAsync(Tenant, new byte[64], Records, Cancellation)).Expect();
}
