using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Kernel;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.Local;
using static PracticPro.Tests.Vault.VaultFixture;

namespace PracticPro.Tests.Vault;

public sealed class KeyRingTests
{
    // One for each purpose and one for look-up values.
    private const int KeysATenant = 7;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task Fifty_programs_that_start_at_once_agree_on_one_generation()
    {
        using var vault = Make();
        var rings = Enumerable.Range(0, 50)
            .Select(_ => new KeyRing(vault.Storage, vault.Encryption, vault.Clock, new KeyRingOptions()))
            .ToList();

        var opened = await Task.WhenAll(rings.Select(ring => ring.OpenAsync(A, Cancellation).AsTask()));

        var value = opened[0].Seal(Purpose.Records, Place, Utf8("x"));
        Assert.All(opened, keys => Assert.Equal("x", Text(keys.Open(Purpose.Records, Place, value))));
        Assert.Equal(KeysATenant, vault.Storage.Tenant(A).Everything().Count);
        Assert.Equal(1, vault.Storage.Tenant(A).Commits);
        rings.ForEach(ring => ring.Dispose());
    }

    [Fact]
    public async Task Fifty_callers_of_one_ring_share_one_unwrapping()
    {
        var (vault, encryption) = Counting();
        using var _ = vault;

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => vault.Ring.OpenAsync(A, Cancellation).AsTask()));

        Assert.Equal(KeysATenant, encryption().Unwraps);
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task Keys_are_unwrapped_again_when_their_time_is_over()
    {
        var (vault, encryption) = Counting();
        using var _ = vault;
        await vault.KeysAsync(A);

        vault.Clock.Advance(TimeSpan.FromMinutes(4));
        await vault.KeysAsync(A);
        Assert.Equal(KeysATenant, encryption().Unwraps);

        vault.Clock.Advance(TimeSpan.FromMinutes(1));
        await vault.KeysAsync(A);
        Assert.Equal(2 * KeysATenant, encryption().Unwraps);
    }

    [Fact]
    public async Task Keys_are_unwrapped_again_after_their_number_of_uses()
    {
        var (vault, encryption) = Counting(new KeyRingOptions { MaximumUses = 3 });
        using var _ = vault;
        var first = await vault.KeysAsync(A);

        first.Seal(Purpose.Records, Place, default);
        first.Seal(Purpose.Records, Place, default);
        Assert.Same(first, await vault.KeysAsync(A));

        first.Seal(Purpose.Records, Place, default);
        Assert.NotSame(first, await vault.KeysAsync(A));
        Assert.Equal(KeysATenant + 1, encryption().Unwraps);
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task Keys_are_unwrapped_again_after_their_number_of_bytes()
    {
        var (vault, encryption) = Counting(new KeyRingOptions { MaximumBytes = 1000 });
        using var _ = vault;
        var first = await vault.KeysAsync(A);

        first.Seal(Purpose.Records, Place, new byte[999]);
        Assert.Same(first, await vault.KeysAsync(A));

        first.Seal(Purpose.Records, Place, new byte[1]);
        Assert.NotSame(first, await vault.KeysAsync(A));
        Assert.Equal(KeysATenant + 1, encryption().Unwraps);
    }

    [Fact]
    [Trait("Promise", "STAFF-1")]
    public async Task Keys_opened_for_some_purposes_open_nothing_else()
    {
        using var vault = Make();
        var note = (await vault.KeysAsync(A)).Seal(Purpose.Notes, Place, Utf8("x"));

        var keys = await vault.Ring.OpenAsync(A, [Purpose.Records], Cancellation);

        Assert.True(keys.Seal(Purpose.Records, Place, default).Length > 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => keys.Open(Purpose.Notes, Place, note));
        Assert.Throws<InvalidOperationException>(() => keys.BlindIndex(Purpose.Records, "mail", "x"));
    }

    [Fact]
    public async Task Only_the_purposes_asked_for_are_unwrapped()
    {
        var (vault, encryption) = Counting();
        using var _ = vault;

        await vault.Ring.OpenAsync(A, [Purpose.Records, Purpose.Tokens], Cancellation);
        Assert.Equal(2, encryption().Unwraps);

        await vault.KeysAsync(A);
        Assert.Equal(KeysATenant, encryption().Unwraps);
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task A_generation_opens_from_the_first_and_seals_from_its_moment()
    {
        using var vault = Make();
        await vault.KeysAsync(A);
        var moment = vault.Clock.GetUtcNow() + TimeSpan.FromMinutes(3);
        await StoreNotesAsync(vault, 2, moment);
        vault.Ring.Revoke(A);
        var keys = await vault.KeysAsync(A);

        var before = keys.Seal(Purpose.Notes, Place, Utf8("x"));
        vault.Clock.Advance(TimeSpan.FromMinutes(3));
        var after = keys.Seal(Purpose.Notes, Place, Utf8("x"));

        Assert.Equal(1u, SealedFormat.Generation(before.Span));
        Assert.Equal(2u, SealedFormat.Generation(after.Span));
        Assert.All([before, after], value => Assert.Equal("x", Text(keys.Open(Purpose.Notes, Place, value))));
    }

    [Fact]
    public async Task The_only_generation_seals_whatever_its_moment()
    {
        using var vault = Make();
        await vault.KeysAsync(A);
        var tenant = vault.Storage.Tenant(A);
        await StoreNotesAsync(vault, 2, vault.Clock.GetUtcNow() + TimeSpan.FromDays(1));
        tenant.Remove(DataKeyRecord.Documents.Key("notes-0000000001"));
        vault.Ring.Revoke(A);

        Assert.Equal(2u, SealedFormat.Generation((await vault.KeysAsync(A)).Seal(Purpose.Notes, Place, default).Span));
    }

    [Fact]
    public async Task A_stream_that_takes_too_long_is_not_sealed_to_its_end()
    {
        using var vault = Make();
        await using var sealing = SealedStreams.Seal(
            await vault.KeysAsync(A), Purpose.Export, Place, new MemoryStream(new byte[300_000]));
        await sealing.ReadExactlyAsync(new byte[1000], Cancellation);

        vault.Clock.Advance(KeyRingOptions.StreamLifetime);

        await Assert.ThrowsAsync<KeysExpiredException>(() => sealing.CopyToAsync(Stream.Null, Cancellation));
    }

    [Fact]
    public async Task No_more_tenants_are_held_than_allowed()
    {
        using var vault = Make(new KeyRingOptions { MaximumTenants = 2 });
        var first = await vault.KeysAsync(A);
        vault.Clock.Advance(TimeSpan.FromSeconds(1));
        await vault.KeysAsync(B);
        vault.Clock.Advance(TimeSpan.FromSeconds(1));
        await vault.KeysAsync(TenantId.Parse("test-c"));

        Assert.Equal(2, vault.Ring.Held);
        Assert.NotSame(first, await vault.KeysAsync(A));
    }

    [Fact]
    public async Task A_handle_outlives_the_cache_and_then_runs_out()
    {
        using var vault = Make();
        var keys = await vault.KeysAsync(A);
        var value = keys.Seal(Purpose.Records, Place, Utf8("x"));

        vault.Clock.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal("x", Text(keys.Open(Purpose.Records, Place, value)));

        vault.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Throws<KeysExpiredException>(() => keys.Open(Purpose.Records, Place, value));
        Assert.Throws<KeysExpiredException>(() => keys.Seal(Purpose.Records, Place, Utf8("y")));
        Assert.Throws<KeysExpiredException>(() => keys.BlindIndex(Purpose.Records, "mail", "y"));
        Assert.Equal("x", Text((await vault.KeysAsync(A)).Open(Purpose.Records, Place, value)));
    }

    [Fact]
    public async Task Idle_keys_are_let_go_without_anybody_asking()
    {
        using var vault = Make();
        await vault.KeysAsync(A);
        Assert.Equal(1, vault.Ring.Held);

        vault.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(0, vault.Ring.Held);
    }

    [Fact]
    public async Task Revoking_ends_every_handle_at_once()
    {
        using var vault = Make();
        var ofA = await vault.KeysAsync(A);
        var ofB = await vault.KeysAsync(B);

        vault.Ring.Revoke(A);

        Assert.Throws<KeysExpiredException>(() => ofA.Seal(Purpose.Records, Place, default));
        Assert.True(ofB.Seal(Purpose.Records, Place, default).Length > 0);
    }

    [Fact]
    public async Task Revoking_reaches_keys_that_are_just_being_opened()
    {
        var (vault, encryption) = Counting();
        using var _ = vault;
        var reached = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        encryption().BeforeUnwrap = () =>
        {
            reached.TrySetResult();
            return goOn.Task;
        };
        var opening = vault.KeysAsync(A).AsTask();
        await reached.Task;

        vault.Ring.Revoke(A);
        goOn.SetResult();
        await opening;

        Assert.Equal(2 * KeysATenant, encryption().Unwraps);
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task Keys_wrapped_under_two_versions_open_side_by_side()
    {
        using var vault = Make();
        var value = (await vault.KeysAsync(A)).Seal(Purpose.Notes, Place, Utf8("x"));
        var second = (await vault.Encryption.RenewAsync(A, Cancellation)).Expect();
        var wrapped = await vault.Encryption.WrapAsync(
            A, TestKeys.Filled(9), new WrapContext("notes", 2), Cancellation);
        Store(vault, new DataKeyRecord("notes", 2, second, wrapped.Expect().Bytes.ToArray(), vault.Clock.GetUtcNow()));
        vault.Ring.Revoke(A);

        var keys = await vault.KeysAsync(A);

        Assert.Equal("x", Text(keys.Open(Purpose.Notes, Place, value)));
        Assert.Equal(2u, SealedFormat.Generation(keys.Seal(Purpose.Notes, Place, default).Span));
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public async Task A_data_key_of_another_tenant_does_not_unwrap()
    {
        using var vault = Make();
        await vault.KeysAsync(A);
        await vault.KeysAsync(B);
        foreach (var document in vault.Storage.Tenant(A).Everything())
        {
            vault.Storage.Tenant(B).Overwrite(document);
        }

        vault.Ring.Revoke(B);

        Assert.IsType<VaultFailures.WrappedKeyNotAuthentic>(await RefusalAsync(vault, B));
    }

    [Theory]
    [InlineData("tokens", 1u)]
    [InlineData("notes", 2u)]
    [Trait("Promise", "ENC-2")]
    public async Task A_data_key_given_out_for_another_does_not_unwrap(string use, uint generation)
    {
        using var vault = Make();
        await vault.KeysAsync(A);
        var notes = vault.Storage.Tenant(A).Everything()
            .Select(DataKeyRecord.FromDocument).Single(record => record.Use == "notes");
        Store(vault, notes with { Use = use, Generation = generation });
        vault.Ring.Revoke(A);

        Assert.IsType<VaultFailures.WrappedKeyNotAuthentic>(await RefusalAsync(vault, A));
    }

    [Fact]
    public async Task A_lost_key_file_is_not_replaced_by_new_keys()
    {
        using var vault = Make();
        await vault.KeysAsync(A);
        File.Delete(vault.KeyFile);
        using var again = await Opened(vault);
        using var ring = new KeyRing(vault.Storage, again.KeyEncryption, vault.Clock, new KeyRingOptions());

        var thrown = await Assert.ThrowsAsync<UnexpectedFailureException>(
            async () => await ring.OpenAsync(A, Cancellation));

        Assert.IsType<VaultFailures.TenantKeyMissing>(thrown.Failure);
    }

    [Fact]
    public async Task A_lost_data_key_is_made_anew_only_beside_a_living_tenant_key()
    {
        using var vault = Make();
        await vault.KeysAsync(A);
        var tenant = vault.Storage.Tenant(A);
        tenant.Remove(tenant.Everything().Single(document => document.Key.Id.StartsWith("staging", StringComparison.Ordinal)).Key);
        File.Delete(vault.KeyFile);
        using var again = await Opened(vault);
        using var ring = new KeyRing(vault.Storage, again.KeyEncryption, vault.Clock, new KeyRingOptions());

        await Assert.ThrowsAsync<UnexpectedFailureException>(async () => await ring.OpenAsync(A, Cancellation));

        Assert.Equal(KeysATenant - 1, tenant.Everything().Count);
    }

    [Fact]
    public async Task An_unwrapping_that_failed_is_tried_again_by_the_next_caller()
    {
        var (vault, encryption) = Counting();
        using var _ = vault;
        encryption().BeforeUnwrap = () => throw new IOException("unreachable");
        await Assert.ThrowsAsync<IOException>(async () => await vault.KeysAsync(A));

        encryption().BeforeUnwrap = () => Task.CompletedTask;

        Assert.Equal(A, (await vault.KeysAsync(A)).Tenant);
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public async Task Look_up_hashes_differ_by_tenant_purpose_and_field()
    {
        using var vault = Make();
        var (a, b) = (await vault.KeysAsync(A), await vault.KeysAsync(B));

        byte[][] hashes = [
            a.BlindIndex(Purpose.Records, "mail", "ada@example.test"),
            b.BlindIndex(Purpose.Records, "mail", "ada@example.test"),
            a.BlindIndex(Purpose.Notes, "mail", "ada@example.test"),
            a.BlindIndex(Purpose.Records, "phone", "ada@example.test"),
            a.BlindIndex(Purpose.Records, "mail", "ada@example.tes")];

        Assert.Equal(hashes.Length, hashes.Select(Convert.ToHexString).Distinct().Count());
        Assert.Equal(hashes[0], a.BlindIndex(Purpose.Records, "mail", "ada@example.test"));
    }

    private static ValueTask<LocalVault> Opened(VaultFixture vault) =>
        LocalVault.OpenAsync(
            vault.KeyFile, vault.Clock, NullLogger.Instance, Cancellation);

    private static async Task StoreNotesAsync(VaultFixture vault, uint generation, DateTimeOffset sealsFrom)
    {
        var wrapped = (await vault.Encryption.WrapAsync(
            A, TestKeys.Filled(9), new WrapContext("notes", generation), Cancellation)).Expect();
        Store(vault, new DataKeyRecord(
            "notes", generation, wrapped.Version, wrapped.Bytes.ToArray(), vault.Clock.GetUtcNow(), sealsFrom));
    }

    private static void Store(VaultFixture vault, DataKeyRecord record) =>
        vault.Storage.Tenant(A).Overwrite(record.ToDocument());

    private static async Task<Failure> RefusalAsync(VaultFixture vault, TenantId tenant) =>
        (await Assert.ThrowsAsync<UnexpectedFailureException>(async () => await vault.KeysAsync(tenant))).Failure;

    private static (VaultFixture Vault, Func<CountingKeyEncryption> Encryption) Counting(KeyRingOptions? options = null)
    {
        var vault = Make(options, inner => new CountingKeyEncryption(inner));
        return (vault, () => (CountingKeyEncryption)vault.Encryption);
    }
}
