using PracticPro.Kernel;
using PracticPro.Tests.Support;
using PracticPro.Vault;

namespace PracticPro.Tests.Contracts;

/// <summary>What <see cref="IKeyEncryption"/> promises.</summary>
[Trait("Promise", "ENC-2")]
public abstract partial class KeyEncryptionContract : VaultContract
{
    private static readonly WrapContext Records = new("records", 1);

    private readonly SecretBytes key = SecretBytes.Random(64);

    private IKeyEncryption Encryption => Vault.KeyEncryption;

    [Fact]
    public async Task What_is_wrapped_unwraps()
    {
        var version = await Encryption.EnsureAsync(Here, Cancellation);

        var wrapped = await WrapAsync();

        Assert.Equal(version, wrapped.Version);
        using var unwrapped = await UnwrapAsync(Encryption, wrapped);
        Assert.Equal(key, unwrapped);
    }

    [Fact]
    public async Task Many_at_once_agree_on_one_key()
    {
        var versions = await Task.WhenAll(Enumerable.Range(0, 12).Select(
            _ => Task.Run(async () => await Encryption.EnsureAsync(Here, Cancellation))));

        Assert.Single(versions.Distinct());
        Assert.Equal(versions[0], await Encryption.EnsureAsync(Here, Cancellation));
    }

    [Fact]
    public async Task Two_programs_at_once_agree_on_one_key()
    {
        using var other = await OpenAnotherAsync();

        var versions = await Task.WhenAll(new[] { Encryption, other.KeyEncryption, Encryption, other.KeyEncryption }.Select(
            one => Task.Run(async () => await one.EnsureAsync(Here, Cancellation))));

        Assert.Single(versions.Distinct());
        using var unwrapped = await UnwrapAsync(other.KeyEncryption, await WrapAsync());
        Assert.Equal(key, unwrapped);
    }

    [Fact]
    public async Task A_missing_key_is_a_failure_and_none_is_made()
    {
        var wrapped = new WrappedKey(KeyVersion.Parse("0123456789abcdef0123456789abcdef"), new byte[256]);

        Assert.IsType<VaultFailures.TenantKeyMissing>(
            (await Encryption.WrapAsync(Here, key.RevealMemory("test"), Records, Cancellation)).Failure);
        Assert.IsType<VaultFailures.TenantKeyMissing>(
            (await Encryption.UnwrapAsync(Here, wrapped, Records, Cancellation)).Failure);
        Assert.IsType<VaultFailures.TenantKeyMissing>((await Encryption.RenewAsync(Here, Cancellation)).Failure);
        Assert.IsType<VaultFailures.TenantKeyMissing>(
            (await Encryption.WrapAsync(Here, key.RevealMemory("test"), Records, Cancellation)).Failure);
    }

    [Fact]
    public async Task A_renewed_key_wraps_from_now_on_and_earlier_versions_go_on_unwrapping()
    {
        var first = await Encryption.EnsureAsync(Here, Cancellation);
        var before = await WrapAsync();

        var second = (await Encryption.RenewAsync(Here, Cancellation)).Expect();

        Assert.NotEqual(first, second);
        Assert.Equal(second, await Encryption.EnsureAsync(Here, Cancellation));
        var after = await WrapAsync();
        Assert.Equal(second, after.Version);
        using var old = await UnwrapAsync(Encryption, before);
        using var young = await UnwrapAsync(Encryption, after);
        Assert.Equal(old, young);
    }

    [Fact]
    public async Task Wrapping_twice_gives_two_texts_of_one_key()
    {
        await Encryption.EnsureAsync(Here, Cancellation);

        var (first, second) = (await WrapAsync(), await WrapAsync());

        Assert.False(first.Bytes.Span.SequenceEqual(second.Bytes.Span));
        using var one = await UnwrapAsync(Encryption, first);
        using var two = await UnwrapAsync(Encryption, second);
        Assert.Equal(one, two);
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public async Task It_unwraps_for_no_other_use_generation_or_tenant()
    {
        await Encryption.EnsureAsync(Here, Cancellation);
        await Encryption.EnsureAsync(There, Cancellation);
        var wrapped = await WrapAsync();

        Assert.IsType<VaultFailures.WrappedKeyNotAuthentic>(
            (await Encryption.UnwrapAsync(Here, wrapped, Records with { Use = "notes" }, Cancellation)).Failure);
        Assert.IsType<VaultFailures.WrappedKeyNotAuthentic>(
            (await Encryption.UnwrapAsync(Here, wrapped, Records with { Generation = 2 }, Cancellation)).Failure);
        Assert.IsAssignableFrom<Failure.Refused>(
            (await Encryption.UnwrapAsync(There, wrapped, Records, Cancellation)).Failure);
    }

    [Fact]
    public async Task It_unwraps_under_no_other_version()
    {
        await Encryption.EnsureAsync(Here, Cancellation);
        var wrapped = await WrapAsync();
        var second = (await Encryption.RenewAsync(Here, Cancellation)).Expect();

        Assert.IsType<VaultFailures.WrappedKeyNotAuthentic>(
            (await Encryption.UnwrapAsync(Here, wrapped with { Version = second }, Records, Cancellation)).Failure);
        foreach (var unknown in (string[])["99", "ffffffffffffffffffffffffffffffff"])
        {
            Assert.IsType<VaultFailures.TenantKeyVersionUnknown>((await Encryption.UnwrapAsync(
                Here, wrapped with { Version = KeyVersion.Parse(unknown) }, Records, Cancellation)).Failure);
        }
    }

    [Fact]
    public async Task A_changed_or_cut_text_does_not_unwrap()
    {
        await Encryption.EnsureAsync(Here, Cancellation);
        var wrapped = await WrapAsync();
        var bytes = wrapped.Bytes.ToArray();
        byte[][] broken =
        [
            .. new[] { 0, bytes.Length / 2, bytes.Length - 1 }.Select(at =>
            {
                var copy = bytes.ToArray();
                copy[at] ^= 1;
                return copy;
            }),
            bytes[..^1],
            bytes[..1],
        ];

        foreach (var one in broken)
        {
            Assert.IsType<VaultFailures.WrappedKeyNotAuthentic>((await Encryption.UnwrapAsync(
                Here, wrapped with { Bytes = one }, Records, Cancellation)).Failure);
        }
    }

    [Fact]
    public async Task Keys_and_versions_are_there_after_a_restart()
    {
        var version = await Encryption.EnsureAsync(Here, Cancellation);
        var wrapped = await WrapAsync();
        using var restarted = await OpenAnotherAsync();

        Assert.Equal(version, await restarted.KeyEncryption.EnsureAsync(Here, Cancellation));
        using var unwrapped = await UnwrapAsync(restarted.KeyEncryption, wrapped);
        Assert.Equal(key, unwrapped);
    }

    [Fact]
    public async Task Fleet_hashes_are_the_same_in_every_program()
    {
        using var other = await OpenAnotherAsync();

        var hash = Vault.PlatformKeys.FleetHash("sign-in", "ada@example.test");

        Assert.Equal(hash, other.PlatformKeys.FleetHash("sign-in", "ada@example.test"));
        Assert.NotEqual(hash, other.PlatformKeys.FleetHash("mailbox", "ada@example.test"));
    }

    [Fact]
    public async Task A_probe_of_a_vault_that_answers_returns() => await Vault.ProbeAsync(Cancellation);

    private async Task<WrappedKey> WrapAsync() =>
        (await Encryption.WrapAsync(Here, key.RevealMemory("test"), Records, Cancellation)).Expect();

    private async Task<SecretBytes> UnwrapAsync(IKeyEncryption encryption, WrappedKey wrapped) =>
        (await encryption.UnwrapAsync(Here, wrapped, Records, Cancellation)).Expect();
}
