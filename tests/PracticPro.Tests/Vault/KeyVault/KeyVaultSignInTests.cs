using PracticPro.Kernel;
using PracticPro.KeyVaultDouble;
using PracticPro.Loopback;
using PracticPro.Tests.Support;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.KeyVault;
using static PracticPro.Tests.Vault.KeyVault.VaultPremises;

namespace PracticPro.Tests.Vault.KeyVault;

/// <summary>How the program signs in to a vault, and to nobody else.</summary>
public sealed class KeyVaultSignInTests
{
    private static readonly VaultKeyName Name = VaultKeyName.Of(TenantId.Parse("test-a"));
    private static readonly Uri Real = new("https://practicpro.vault.azure.net/");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_challenge_is_learned_once_and_one_token_serves_many()
    {
        await using var premises = await OpenAsync();
        var keys = premises.Keys();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => Task.Run(async () => await keys.FindDeletedAsync(Name, Cancellation))));

        Assert.Equal(1, premises.Asked(Operations.Challenge));
        Assert.Equal(20, premises.Asked("getdeleted"));
        Assert.Equal(1, premises.Credential.Given);
        Assert.Equal(LoopbackTokens.Directory, premises.Credential.Last!.Value.TenantId);
        Assert.Equal(["https://vault.azure.net/.default"], premises.Credential.Last!.Value.Scopes);
    }

    [Fact]
    public async Task A_token_is_renewed_before_its_end()
    {
        var clock = new FakeClock();
        await using var premises = await OpenAsync(clock);
        var keys = premises.Keys();
        await keys.FindDeletedAsync(Name, Cancellation);

        clock.Advance(TimeSpan.FromMinutes(54));
        await keys.FindDeletedAsync(Name, Cancellation);
        Assert.Equal(1, premises.Credential.Given);

        clock.Advance(TimeSpan.FromMinutes(2));
        await keys.FindDeletedAsync(Name, Cancellation);
        Assert.Equal(2, premises.Credential.Given);
        Assert.Equal(1, premises.Asked(Operations.Challenge));
    }

    [Fact]
    public async Task A_token_that_is_still_good_outlives_an_identity_endpoint_that_is_not()
    {
        var clock = new FakeClock();
        await using var premises = await OpenAsync(clock);
        var keys = premises.Keys();
        await keys.FindDeletedAsync(Name, Cancellation);
        premises.Credential.Trouble = new InvalidOperationException("canary");

        clock.Advance(TimeSpan.FromMinutes(57));
        await keys.FindDeletedAsync(Name, Cancellation);

        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.IsType<KeyStoreFailures.NoToken>(await UnavailableAsync(
            async () => await keys.FindDeletedAsync(Name, Cancellation)));
    }

    [Fact]
    public async Task A_revoked_token_is_replaced_once()
    {
        await using var premises = await OpenAsync();
        var keys = premises.Keys();
        premises.Credential.Audience = "https://elsewhere.example";
        Assert.IsType<KeyStoreFailures.NotSignedIn>(await UnavailableAsync(
            async () => await keys.FindDeletedAsync(Name, Cancellation)));
        Assert.Equal(2, premises.Credential.Given);

        premises.Credential.Audience = null;
        await keys.FindDeletedAsync(Name, Cancellation);

        Assert.Equal(3, premises.Credential.Given);
    }

    [Fact]
    public async Task What_a_credential_says_when_it_fails_is_not_repeated()
    {
        await using var premises = await OpenAsync();
        premises.Credential.Trouble = new InvalidOperationException("canary");

        var thrown = await Assert.ThrowsAsync<KeyStoreUnavailableException>(
            async () => await premises.Keys().FindDeletedAsync(Name, Cancellation));

        Assert.IsType<KeyStoreFailures.NoToken>(thrown.Failure);
        Assert.DoesNotContain("canary", thrown.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bearer authorization=\"https://login.windows.net/d1\", resource=\"https://vault.azure.net\"", "d1")]
    [InlineData("Bearer authorization=\"https://login.microsoftonline.com/d2/\", scope=\"https://vault.azure.net/.default\"", "d2")]
    public void A_challenge_of_the_vaults_own_domain_is_taken(string header, string directory)
    {
        var challenge = KeyVaultChallenge.Read(header, Real);

        Assert.Equal(new KeyVaultChallenge("https://vault.azure.net/.default", directory, null), challenge);
    }

    [Theory]
    [InlineData("Bearer authorization=\"https://login.windows.net/d\", resource=\"https://management.azure.com\"")]
    [InlineData("Bearer authorization=\"https://login.windows.net/d\", resource=\"https://azure.net.evil.example\"")]
    [InlineData("Bearer authorization=\"https://login.windows.net/d\", resource=\"https://ault.azure.net\"")]
    [InlineData("Bearer authorization=\"https://login.windows.net/d\", resource=\"http://vault.azure.net\"")]
    [InlineData("Bearer authorization=\"http://login.windows.net/d\", resource=\"https://vault.azure.net\"")]
    [InlineData("Bearer authorization=\"https://login.windows.net/\", resource=\"https://vault.azure.net\"")]
    [InlineData("Bearer authorization=\"https://login.windows.net/d\"")]
    [InlineData("Basic realm=\"https://vault.azure.net\"")]
    [InlineData("")]
    [InlineData(null)]
    public void Every_other_challenge_is_refused(string? header) => Assert.Null(KeyVaultChallenge.Read(header, Real));

    [Fact]
    public void Claims_of_a_challenge_are_passed_on() => Assert.Equal(
        "{\"x\":1}",
        KeyVaultChallenge.Read(
            "Bearer authorization=\"https://login.windows.net/d\", resource=\"https://vault.azure.net\", "
            + "error=\"insufficient_claims\", claims=\"eyJ4IjoxfQ==\"",
            Real)!.Claims);
}
