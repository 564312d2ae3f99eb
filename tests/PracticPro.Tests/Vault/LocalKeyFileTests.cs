using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Kernel;
using PracticPro.Tests.Support;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.Local;

namespace PracticPro.Tests.Vault;

public sealed class LocalKeyFileTests : IDisposable
{
    private static readonly TenantId A = VaultFixture.A;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("practicpro-keys-");
    private readonly string path;

    public LocalKeyFileTests() => path = Path.Combine(folder.FullName, "inner", "local.keys");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task File_and_folder_are_made_for_the_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has access lists instead of modes.");
            return;
        }

        using var vault = await OpenAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(path)!));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task A_file_open_to_others_is_refused(UnixFileMode extra)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has access lists instead of modes.");
            return;
        }

        (await OpenAsync()).Dispose();
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | extra);

        await Assert.ThrowsAsync<KeyFileException>(async () => await OpenAsync());
    }

    [Fact]
    public async Task A_symbolic_link_is_refused()
    {
        (await OpenAsync()).Dispose();
        var link = Path.Combine(folder.FullName, "link.keys");
        File.CreateSymbolicLink(link, path);

        await Assert.ThrowsAsync<KeyFileException>(
            async () => await LocalVault.OpenAsync(link, new FakeClock(), NullLogger.Instance, Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"shape\":1,\"canary-7f\":")]
    public async Task A_broken_file_is_refused_without_being_quoted_or_replaced(string text)
    {
        (await OpenAsync()).Dispose();
        await File.WriteAllTextAsync(path, text, Cancellation);

        var refusal = await Assert.ThrowsAsync<KeyFileException>(async () => await OpenAsync());

        Assert.DoesNotContain("canary-7f", refusal.ToString(), StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(path, Cancellation));
    }

    [Fact]
    public async Task Keys_are_the_same_after_a_restart()
    {
        string before;
        WrappedKey wrapped;
        using (var vault = await OpenAsync())
        {
            await vault.KeyEncryption.EnsureAsync(A, Cancellation);
            wrapped = (await vault.KeyEncryption.WrapAsync(A, Key, Notes, Cancellation)).Expect();
            before = vault.PlatformKeys.FleetHash("sign-in", "ada") + vault.Signer.PublicKeyPem;
        }

        using var again = await OpenAsync();
        using var key = (await again.KeyEncryption.UnwrapAsync(A, wrapped, Notes, Cancellation)).Expect();

        Assert.Equal(Key, key.Reveal("test").ToArray());
        Assert.Equal(before, again.PlatformKeys.FleetHash("sign-in", "ada") + again.Signer.PublicKeyPem);
    }

    [Fact]
    public async Task Many_programs_on_one_file_lose_no_key()
    {
        var tenants = Enumerable.Range(0, 12).Select(at => TenantId.Parse($"test-{at}")).ToList();

        await Task.WhenAll(tenants.Select(tenant => Task.Run(
            async () =>
            {
                using var vault = await LocalVault.OpenAsync(path, TimeProvider.System, NullLogger.Instance, Cancellation);
                await vault.KeyEncryption.EnsureAsync(tenant, Cancellation);
            },
            Cancellation)));

        using var file = new LocalKeyFile(path, TimeProvider.System);
        Assert.All(tenants, tenant => Assert.True(file.Read()!.Has(tenant)));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(path)!, "*.new"));
    }

    [Fact]
    public async Task A_reader_is_never_in_the_way_of_a_writer_nor_the_other_way()
    {
        using var writing = await OpenAsync();
        await writing.KeyEncryption.EnsureAsync(A, Cancellation);
        var done = false;
        var reader = Task.Run(
            () =>
            {
                using var file = new LocalKeyFile(path, TimeProvider.System);
                var reads = 0;
                while (!Volatile.Read(ref done) || reads == 0)
                {
                    Assert.True(file.Read()!.Has(A));
                    reads++;
                }
            },
            Cancellation);

        for (var renewal = 0; renewal < 100; renewal++)
        {
            await writing.KeyEncryption.RenewAsync(A, Cancellation);
        }

        Volatile.Write(ref done, true);
        await reader;
    }

    [Fact]
    public async Task A_copy_left_by_a_crash_is_in_nobodys_way()
    {
        (await OpenAsync()).Dispose();
        await File.WriteAllTextAsync(path + ".new", "half", Cancellation);

        using var vault = await OpenAsync();

        Assert.Equal("1", (await vault.KeyEncryption.EnsureAsync(A, Cancellation)).Text);
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task A_wrapped_key_unwraps_for_its_own_place_only()
    {
        using var vault = await OpenAsync();
        var encryption = vault.KeyEncryption;
        await encryption.EnsureAsync(A, Cancellation);
        await encryption.EnsureAsync(VaultFixture.B, Cancellation);
        var wrapped = (await encryption.WrapAsync(A, Key, Notes, Cancellation)).Expect();
        await encryption.RenewAsync(A, Cancellation);

        await RefusedAsync<VaultFailures.WrappedKeyNotAuthentic>(VaultFixture.B, wrapped, Notes);
        await RefusedAsync<VaultFailures.WrappedKeyNotAuthentic>(A, wrapped, Notes with { Use = "tokens" });
        await RefusedAsync<VaultFailures.WrappedKeyNotAuthentic>(A, wrapped, Notes with { Generation = 2 });
        await RefusedAsync<VaultFailures.WrappedKeyNotAuthentic>(A, wrapped with { Version = KeyVersion.Parse("2") }, Notes);
        await RefusedAsync<VaultFailures.TenantKeyVersionUnknown>(A, wrapped with { Version = KeyVersion.Parse("3") }, Notes);
        await RefusedAsync<VaultFailures.TenantKeyMissing>(TenantId.Parse("test-z"), wrapped, Notes);
        await RefusedAsync<VaultFailures.WrappedKeyNotAuthentic>(A, wrapped with { Bytes = wrapped.Bytes[..20] }, Notes);

        async Task RefusedAsync<TFailure>(TenantId tenant, WrappedKey key, WrapContext context) =>
            Assert.IsType<TFailure>((await encryption.UnwrapAsync(tenant, key, context, Cancellation)).Failure);
    }

    [Fact]
    [Trait("Promise", "ENC-4")]
    public async Task Of_a_destroyed_key_the_file_keeps_a_mark_and_no_byte()
    {
        using var vault = await OpenAsync();
        await vault.KeyEncryption.EnsureAsync(A, Cancellation);
        await vault.KeyEncryption.EnsureAsync(VaultFixture.B, Cancellation);
        using var file = new LocalKeyFile(path, TimeProvider.System);
        var before = file.Read()!;

        (await vault.KeyEncryption.DestroyAsync(A, Cancellation)).Expect();

        var text = await File.ReadAllTextAsync(path, Cancellation);
        Assert.DoesNotContain(Convert.ToBase64String(before.Find(A, null)!.Value.Key)[..12], text, StringComparison.Ordinal);
        var after = file.Read()!;
        Assert.Equal((false, true, 2), (after.Has(A), after.IsDestroyed(A), after.Shape));
        Assert.Equal(before.Find(VaultFixture.B, null)!.Value.Key, after.Find(VaultFixture.B, null)!.Value.Key);
        Assert.Equal(before.FleetHashKey, after.FleetHashKey);
        Assert.Equal(before.SigningKey, after.SigningKey);
    }

    [Fact]
    public async Task A_file_in_which_nothing_was_destroyed_or_switched_off_is_as_earlier_programs_wrote_it()
    {
        using var vault = await OpenAsync();
        await vault.KeyEncryption.EnsureAsync(A, Cancellation);

        using var json = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(path, Cancellation));

        Assert.Equal(
            ["shape", "tenants", "fleetHashKey", "signingKey"], json.RootElement.EnumerateObject().Select(part => part.Name));
        Assert.Equal(1, json.RootElement.GetProperty("shape").GetInt32());
    }

    [Fact]
    public async Task A_file_that_somebody_put_back_with_escapes_is_read_all_the_same()
    {
        using var vault = await OpenAsync();
        await vault.KeyEncryption.EnsureAsync(A, Cancellation);
        using var file = new LocalKeyFile(path, TimeProvider.System);
        using var before = file.Read()!;
        var text = await File.ReadAllTextAsync(path, Cancellation);

        await File.WriteAllTextAsync(path, text.Replace("\"MI", "\"\\u004dI", StringComparison.Ordinal).Replace("+", "\\u002B", StringComparison.Ordinal), Cancellation);

        using var after = file.Read()!;
        Assert.NotEqual(text, await File.ReadAllTextAsync(path, Cancellation));
        Assert.Equal(before.SigningKey, after.SigningKey);
        Assert.Equal(before.Find(A, null)!.Value.Key, after.Find(A, null)!.Value.Key);
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("not base64")]
    [InlineData("AAA")]
    public async Task A_file_whose_keys_are_no_base64_is_refused(string key)
    {
        using var vault = await OpenAsync();
        var text = await File.ReadAllTextAsync(path, Cancellation);
        await File.WriteAllTextAsync(path, text.Replace("\"MI", $"\"{key}", StringComparison.Ordinal), Cancellation);
        using var file = new LocalKeyFile(path, TimeProvider.System);

        Assert.Throws<KeyFileException>(file.Read);
    }

    [Fact]
    public void A_wrapped_plaintext_is_bound_to_every_part_of_its_place()
    {
        var version = KeyVersion.Parse("1");
        using var bound = WrappedPlaintext.Bind(A, Notes, version, Key);
        var bytes = bound.Reveal("test").ToArray();

        Assert.Equal(Key, WrappedPlaintext.Unbind(A, Notes, version, bytes)!.Reveal("test").ToArray());
        Assert.Null(WrappedPlaintext.Unbind(VaultFixture.B, Notes, version, bytes));
        Assert.Null(WrappedPlaintext.Unbind(A, Notes with { Use = "records" }, version, bytes));
        Assert.Null(WrappedPlaintext.Unbind(A, Notes with { Generation = 2 }, version, bytes));
        Assert.Null(WrappedPlaintext.Unbind(A, Notes, KeyVersion.Parse("11"), bytes));
        Assert.Null(WrappedPlaintext.Unbind(A, Notes, version, bytes.AsSpan(0, 32)));
    }

    [Fact]
    public async Task It_says_once_that_it_is_for_development_and_single_machines()
    {
        var log = new LineLog();
        using var vault = await LocalVault.OpenAsync(path, new FakeClock(), log, Cancellation);
        await vault.KeyEncryption.EnsureAsync(A, Cancellation);
        await vault.KeyEncryption.RenewAsync(A, Cancellation);

        Assert.Contains("single-machine", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_its_own_signature_over_the_same_bytes_is_good()
    {
        using var vault = await OpenAsync();
        var message = Encoding.UTF8.GetBytes("checkpoint 7");
        var signature = await vault.Signer.SignAsync(message, Cancellation);

        Assert.Equal(ICheckpointSigner.SignatureBytes, signature.Length);
        Assert.True(vault.Signer.Verify(message, signature));
        Assert.False(vault.Signer.Verify(Encoding.UTF8.GetBytes("checkpoint 8"), signature));
        Assert.False(vault.Signer.Verify(message, signature.AsSpan(0, 63)));
        Assert.False(vault.Signer.Verify(message, []));
        signature[5] ^= 1;
        Assert.False(vault.Signer.Verify(message, signature));
    }

    [Fact]
    public async Task A_third_party_checks_a_signature_with_the_published_key_alone()
    {
        using var vault = await OpenAsync();
        var message = Encoding.UTF8.GetBytes("checkpoint 7");
        var signature = await vault.Signer.SignAsync(message, Cancellation);

        using var published = System.Security.Cryptography.ECDsa.Create();
        published.ImportFromPem(vault.Signer.PublicKeyPem);

        Assert.True(published.VerifyData(message, signature, System.Security.Cryptography.HashAlgorithmName.SHA256));
        Assert.Equal(SigningKeyId.Of(published.ExportSubjectPublicKeyInfo()), vault.Signer.KeyId);
    }

    [Fact]
    public async Task Fleet_hashes_differ_by_directory_value_and_platform()
    {
        using var vault = await OpenAsync();
        using var other = VaultFixture.Make();

        string[] hashes = [
            vault.PlatformKeys.FleetHash("sign-in", "ada@example.test"),
            vault.PlatformKeys.FleetHash("gmail-mailbox", "ada@example.test"),
            vault.PlatformKeys.FleetHash("sign-in", "bob@example.test"),
            other.Local.PlatformKeys.FleetHash("sign-in", "ada@example.test")];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.All(hashes, hash => Assert.Equal(43, hash.Length));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static byte[] Key => TestKeys.Filled(5);

    private static WrapContext Notes => new("notes", 1);

    private ValueTask<LocalVault> OpenAsync() =>
        LocalVault.OpenAsync(path, new FakeClock(), NullLogger.Instance, Cancellation);

    private sealed class LineLog : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
