using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.KeyVaultDouble;
using PracticPro.Loopback;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.KeyVault;

namespace PracticPro.Tests.Vault.KeyVault;

/// <summary>A double of the vault over TLS, an identity, and programs that open it.</summary>
internal sealed class VaultPremises : IAsyncDisposable
{
    private readonly DirectoryInfo folder;
    private readonly X509Certificate2 authority;

    private VaultPremises(DirectoryInfo folder, KeyVaultServer server, TimeProvider time, LoopbackTokens tokens)
    {
        (this.folder, Server, Time) = (folder, server, time);
        authority = X509CertificateLoader.LoadCertificateFromFile(server.AuthorityPath);
        Credential = new FamilyCredential(tokens, time);
        Options = new KeyVaultOptions { Endpoint = server.Endpoint, KeySize = 2048, RequestLimit = TimeSpan.FromMinutes(1) };
    }

    public KeyVaultServer Server { get; }

    public TimeProvider Time { get; }

    public FamilyCredential Credential { get; }

    public MemoryShelf Shelf { get; } = new();

    /// <summary>Keys of 2,048 bits, which are made faster; and all the time there may be, since the double makes them here.</summary>
    public KeyVaultOptions Options { get; set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<VaultPremises> OpenAsync(
        TimeProvider? time = null, Func<KeyVaultServerOptions, KeyVaultServerOptions>? with = null)
    {
        var folder = Directory.CreateTempSubdirectory("practicpro-keyvault-");
        var bare = new KeyVaultServerOptions { IdentityFolder = folder.FullName };
        var options = with?.Invoke(bare) ?? bare;
        var clock = time ?? TimeProvider.System;
        var server = await KeyVaultServer.StartAsync(options, clock, Cancellation);
        return new VaultPremises(folder, server, clock, LoopbackTokens.OpenOrMake(options.IdentityFolder));
    }

    /// <summary>A program with a client of its own.</summary>
    public async Task<KeyVaultVault> VaultAsync(IKeepFirst? shelf = null) => await KeyVaultVault.OpenAsync(
        Options, Credential, Handler, shelf ?? Shelf, Time, NullLogger.Instance, Cancellation);

    /// <summary>The keys alone, without the platform's being made.</summary>
    public KeyVaultKeys Keys() => new(new KeyVaultWire(Options, Credential, Handler, Time, NullLogger.Instance));

    public KeyVaultKeyEncryption Encryption(IKeepFirst? shelf = null)
    {
        var keys = Keys();
        return new KeyVaultKeyEncryption(keys, new FirstKeys(keys, shelf ?? Shelf, Options, Time), Time);
    }

    public HttpMessageHandler Handler(Uri home) => PlatformDoor.Only(home, authority);

    public int Asked(string operation) => Server.Requests.GetValueOrDefault(operation);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        authority.Dispose();
        folder.Delete(recursive: true);
    }

    /// <summary>A failure of the store that the call must end in.</summary>
    public static async Task<Failure.Unavailable> UnavailableAsync(Func<Task> call) =>
        (await Assert.ThrowsAsync<KeyStoreUnavailableException>(call)).Failure;
}

/// <summary>Gives tokens the double takes, and counts.</summary>
internal sealed class FamilyCredential(LoopbackTokens tokens, TimeProvider time) : TokenCredential
{
    private int given;

    public int Given => given;

    public TimeSpan GoodFor { get; set; } = TimeSpan.FromHours(1);

    public Exception? Trouble { get; set; }

    public TokenRequestContext? Last { get; private set; }

    /// <summary>Audience of the next tokens instead of the one asked for.</summary>
    public string? Audience { get; set; }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        if (Trouble is not null)
        {
            throw Trouble;
        }

        Last = requestContext;
        Interlocked.Increment(ref given);
        var audience = Audience ?? requestContext.Scopes.Single().Replace("/.default", "", StringComparison.Ordinal);
        var now = time.GetUtcNow();
        return ValueTask.FromResult(new AccessToken(tokens.Mint(audience, now, GoodFor), now + GoodFor));
    }
}

/// <summary>Keeps first values in memory.</summary>
internal sealed class MemoryShelf : IKeepFirst
{
    private readonly ConcurrentDictionary<string, byte[]> kept = new(StringComparer.Ordinal);

    public ValueTask<ReadOnlyMemory<byte>> KeepAsync(
        string name, ReadOnlyMemory<byte> value, CancellationToken cancellation) =>
        ValueTask.FromResult<ReadOnlyMemory<byte>>(kept.GetOrAdd(name, value.ToArray()));

    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(string name, CancellationToken cancellation) =>
        ValueTask.FromResult(kept.TryGetValue(name, out var found) ? found : (ReadOnlyMemory<byte>?)null);
}
