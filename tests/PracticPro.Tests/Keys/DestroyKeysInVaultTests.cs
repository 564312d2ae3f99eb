using PracticPro.Kernel;
using PracticPro.Keys.Destruction;
using PracticPro.KeyVaultDouble;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.KeyVault;
using static PracticPro.Tests.Keys.DestructionPremises;

namespace PracticPro.Tests.Keys;

/// <summary>The same with keys in a vault, whose bin holds a deleted key back.</summary>
[Trait("Promise", "ENC-4")]
public sealed class DestroyKeysInVaultTests
{
    private static readonly VaultKeyName Name = VaultKeyName.Of(Practice);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(7)]
    [InlineData(90)]
    public async Task It_is_final_when_the_vault_has_purged_the_key_and_not_before(int days)
    {
        await using var premises = await DestructionPremises.InVaultAsync(days);
        premises.Backup = BackupTerms.Folder(TimeSpan.FromDays(7));
        var sealedEnd = await SealAsync(premises);

        Assert.Equal(sealedEnd.RecoverableUntil!.Value.Date, sealedEnd.AskedAt.AddDays(days).Date);
        Assert.Equal(Name.Text, sealedEnd.KeyName);
        await premises.PassAsync(TimeSpan.FromDays(days) - TimeSpan.FromHours(1));
        Assert.Equal(KeyEndState.Sealed, (await (await premises.OpenAsync()).GoOnAsync()).State);
        await premises.PassAsync(TimeSpan.FromHours(2));
        var program = await premises.OpenAsync();

        Assert.Equal(KeyEndState.Final, (await program.GoOnAsync()).State);
        Assert.Null(premises.Vault!.Server.Shelf.Find(Name.Text));
        Assert.IsType<VaultFailures.TenantKeyDestroyed>(await program.RefusalAsync());
        Assert.Empty(premises.Log.Pages);
    }

    [Fact]
    public async Task A_key_that_a_person_brings_back_is_an_alarm_and_it_never_becomes_final()
    {
        await using var premises = await DestructionPremises.InVaultAsync(7);
        await SealAsync(premises);
        (await premises.Vault!.Keys().RecoverAsync(Name, Cancellation)).Expect();
        await premises.PassAsync(TimeSpan.FromDays(1));
        var program = await premises.OpenAsync();

        var tried = Assert.Single(await program.Control.RunAsync(Cancellation));

        Assert.Equal((ShredVerdict.Opened, "the-key-unwraps-again"), (tried.Verdict, tried.Reason));
        Assert.Contains("the-key-unwraps-again", Assert.Single(premises.Log.Pages), StringComparison.Ordinal);
        Assert.Equal(ReadShredding.Opened, (await new ReadShredding(program.Shelf, premises.Clock).NowAsync(Cancellation))!.Trouble);
        await premises.PassAsync(TimeSpan.FromDays(30));
        var later = await premises.OpenAsync();
        Assert.Equal(KeyEndState.Sealed, (await later.GoOnAsync()).State);
        Assert.False((await later.Certificates.FindAsync(Practice, Cancellation))!.Facts.IsFinal);

        // The wrapped data keys are erased, so that even then the practice does not open.
        Assert.IsType<VaultFailures.TenantKeyDestroyed>(await later.RefusalAsync());
    }

    [Fact]
    public async Task Deleted_once_more_it_becomes_final_at_the_later_date()
    {
        await using var premises = await DestructionPremises.InVaultAsync(7);
        await SealAsync(premises);
        await premises.PassAsync(TimeSpan.FromDays(5));
        (await premises.Vault!.Keys().RecoverAsync(Name, Cancellation)).Expect();
        (await premises.Vault!.Keys().DeleteAsync(Name, Cancellation)).Expect();
        await premises.PassAsync(TimeSpan.FromDays(3));

        var answer = await (await premises.OpenAsync()).GoOnAsync();

        Assert.Equal(KeyEndState.Sealed, answer.State);
        await premises.PassAsync(answer.WaitUntil!.Value - premises.Clock.GetUtcNow());
        Assert.Equal(KeyEndState.Final, (await (await premises.OpenAsync()).GoOnAsync()).State);
    }

    [Fact]
    public async Task While_the_vault_does_not_answer_nothing_is_taken_as_proven()
    {
        await using var premises = await DestructionPremises.InVaultAsync(7);
        await SealAsync(premises);
        await premises.PassAsync(TimeSpan.FromDays(8));
        var program = await premises.OpenAsync();
        var end = await program.EndAsync();
        premises.Vault!.Server.Faults.Add(new Fault("unwrapkey", FaultKind.Answer, Times: 3));

        var tried = await premises.TickAsync(program.Control.TryAsync(end, Cancellation));

        Assert.Equal((ShredVerdict.NotTried, "key-store-failing"), (tried.Verdict, tried.Reason));
        Assert.Empty(premises.Log.Pages);
        Assert.Equal(KeyEndState.Final, (await program.GoOnAsync()).State);
    }

    [Fact]
    public async Task A_vault_that_fails_while_the_key_is_deleted_is_asked_again()
    {
        await using var premises = await DestructionPremises.InVaultAsync(7);
        await premises.FillAsync(3);
        var program = await premises.OpenAsync();
        (await program.Ask.RunAsync(Practice, new Actor.Job("test"), Cancellation)).Expect();
        await program.Steps.TakeAsync(Practice, Cancellation);
        premises.Vault!.Server.Faults.Add(new Fault("delete", FaultKind.Answer, Times: 3));

        await Assert.ThrowsAsync<KeyStoreUnavailableException>(
            () => premises.TickAsync(program.Steps.TakeAsync(Practice, Cancellation)));
        Assert.Equal(KeyEndState.Announced, (await program.EndAsync()).State);
        await program.DestroyAsync();

        Assert.Equal(KeyEndState.Deleted, (await program.EndAsync()).State);
        Assert.NotNull(premises.Vault.Server.Shelf.Find(Name.Text)!.Deleted);
    }

    private static async Task<KeyEnd> SealAsync(DestructionPremises premises)
    {
        await premises.FillAsync(3);
        var program = await premises.OpenAsync();
        await program.DestroyAsync();
        premises.Clock.Advance(KeyRevocations.HeardWithin);
        Assert.Equal(KeyEndState.Sealed, (await program.GoOnAsync()).State);
        return await program.EndAsync();
    }
}
