using System.Text;
using PracticPro.Vault;

namespace PracticPro.Tests.Contracts;

/// <summary>What <see cref="ISigningKeys"/> promises.</summary>
[Trait("Promise", "AUD-1")]
public abstract class SigningKeysContract : VaultContract
{
    private static readonly DateTimeOffset Past = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Message = Encoding.UTF8.GetBytes("a message");

    private ISigningKeys Keys => Vault.SigningKeys;

    [Fact]
    public async Task There_is_one_from_the_start_and_a_fresh_candidate_changes_nothing()
    {
        using var other = await OpenAnotherAsync();
        using var candidate = await Keys.MakeAsync(Cancellation);
        Assert.Equal((1, "", false), Assert.Single((await Keys.ReadAsync(Cancellation)).Select(one => (one.Number, one.Statement, one.IsEnded))));
        Assert.NotEqual(Vault.Signer.KeyId, candidate.Signer.KeyId);
        using var third = await OpenAnotherAsync();
        Assert.Equal(Vault.Signer.KeyId, third.Signer.KeyId);
        Assert.Equal(Vault.Signer.KeyId, (await other.SigningKeys.OpenAsync(1, Cancellation)).KeyId);
    }

    [Fact]
    public async Task The_first_successor_that_is_kept_signs_in_every_program()
    {
        using var other = await OpenAnotherAsync();
        using var first = await Keys.MakeAsync(Cancellation);
        using var second = await other.SigningKeys.MakeAsync(Cancellation);
        await Keys.SucceedAsync(first, 2, Past, "one", Cancellation);
        await other.SigningKeys.SucceedAsync(second, 2, Past, "two", Cancellation);

        var old = Vault.Signer.KeyId;
        foreach (var program in (IVault[])[Vault, other])
        {
            await program.Signer.LookAsync(Cancellation);
            var chain = await program.Signer.CurrentAsync(Cancellation);
            Assert.Equal(first.Signer.KeyId, chain.Signer.KeyId);
            Assert.Equal(["one"], chain.Statements);
            var signature = await program.Signer.SignAsync(Message, Cancellation);
            Assert.True(first.Signer.Verify(Message, signature));
        }

        using var later = await OpenAnotherAsync();
        Assert.Equal(first.Signer.KeyId, later.Signer.KeyId);
        Assert.NotEqual(old, later.Signer.KeyId);
    }

    [Fact]
    public async Task A_successor_does_not_sign_before_its_moment()
    {
        using var candidate = await Keys.MakeAsync(Cancellation);
        await Keys.SucceedAsync(candidate, 2, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero), "one", Cancellation);
        var before = Vault.Signer.KeyId;
        await Vault.Signer.LookAsync(Cancellation);
        var chain = await Vault.Signer.CurrentAsync(Cancellation);
        Assert.Equal(before, chain.Signer.KeyId);
        Assert.Empty(chain.Statements);
    }

    [Fact]
    public async Task An_ended_key_signs_no_more_and_the_newest_is_never_ended()
    {
        await Keys.EndAsync(1, Cancellation);
        Assert.False((await Keys.ReadAsync(Cancellation))[0].IsEnded);
        using var candidate = await Keys.MakeAsync(Cancellation);
        var old = await Keys.OpenAsync(1, Cancellation);
        await Keys.SucceedAsync(candidate, 2, Past, "one", Cancellation);
        await Keys.EndAsync(1, Cancellation);
        await Keys.EndAsync(1, Cancellation);
        await Keys.EndAsync(2, Cancellation);
        Assert.Equal([true, false], (await Keys.ReadAsync(Cancellation)).Select(one => one.IsEnded));

        using var later = await OpenAnotherAsync();
        Assert.Equal(candidate.Signer.KeyId, later.Signer.KeyId);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
            await (await later.SigningKeys.OpenAsync(1, Cancellation)).SignAsync(Message, Cancellation));
        (old as IDisposable)?.Dispose();
    }
}
