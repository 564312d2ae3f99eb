using PracticPro.Audit;
using PracticPro.Audit.Verify;
using PracticPro.Kernel;
using PracticPro.Keys.Destruction;
using PracticPro.Vault;
using static PracticPro.Tests.Keys.DestructionPremises;

namespace PracticPro.Tests.Keys;

/// <summary>The end of a practice's keys, with keys in a file.</summary>
[Trait("Promise", "ENC-4")]
public sealed class DestroyKeysTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_of_the_practice_opens_any_more_and_another_practice_lives_on()
    {
        await using var premises = DestructionPremises.Local();
        await premises.FillAsync();
        var program = await premises.OpenAsync();

        var waiting = await program.DestroyAsync();
        Assert.Equal(KeyEndState.Deleted, waiting.State);
        premises.Clock.Advance(KeyRevocations.HeardWithin);
        var ended = await program.GoOnAsync();

        // There is no bin and no backup: no copy is left when no process holds a key.
        Assert.Equal(KeyEndState.Final, ended.State);
        Assert.IsType<VaultFailures.TenantKeyDestroyed>(await program.RefusalAsync());
        Assert.Null(await program.Scopes.FindAsync(Practice, Cancellation));
        var other = await program.Scopes.OpenAsync(Other, Cancellation);
        Assert.Equal("text 3", (await other.FindAsync(Kept.Kind, "kept-3", Cancellation))!.Value.Text);
        Assert.Empty(premises.Log.Pages);
    }

    [Fact]
    public async Task The_certificate_says_what_was_destroyed_and_is_signed_by_the_platform()
    {
        await using var premises = DestructionPremises.Local();
        await premises.FillAsync();
        var program = await premises.OpenAsync();
        await program.DestroyAsync();
        premises.Clock.Advance(KeyRevocations.HeardWithin);
        await program.GoOnAsync();

        var note = (await program.Certificates.FindAsync(Practice, Cancellation))!;
        var end = await program.EndAsync();

        Assert.True(note.IsSignedBy(TakeCheckpoint.KeyOf(program.Signer)));
        Assert.Equal((Practice.Text, true, SampleSealed.Most), (note.Facts.Tenant, note.Facts.IsFinal, note.Facts.Samples));
        Assert.Equal(DataKeyRecord.Uses.Order(), end.WrappedKeys.Select(key => key.Use).Order());
        Assert.Equal((Practice.Text, 1), (end.KeyName, end.Versions.Length));
        Assert.True(end.Documents >= 20);
        Assert.True(end.AskedAt <= end.AnnouncedAt && end.AnnouncedAt <= end.DeletedAt && end.DeletedAt < end.HeldUntil
            && end.HeldUntil <= end.SealedAt && end.FinalFrom <= end.FinalAt);
        var samples = await program.Shelf.SamplesAsync(Practice, Cancellation);
        Assert.Equal(end.Samples.Select(one => one.Sha256), samples.Select(one => SampleSealed.Sha256(one.Body)));
        Assert.Contains(samples, one => one.DocumentKind == "kept" && one.Purpose == Purpose.Notes);
    }

    [Fact]
    public async Task With_a_backup_it_is_sealed_and_not_final_before_the_last_copy_ages_out()
    {
        await using var premises = DestructionPremises.Local();
        premises.Backup = BackupTerms.Folder(TimeSpan.FromDays(7));
        await premises.FillAsync();
        var program = await premises.OpenAsync();
        await program.DestroyAsync();
        var erased = (await program.EndAsync()).ErasedAt!.Value;
        premises.Clock.Advance(KeyRevocations.HeardWithin);

        Assert.Equal(new DestroyKeys.Answer(KeyEndState.Sealed, erased.AddDays(7)), await program.GoOnAsync());
        await premises.PassAsync(erased.AddDays(7) - premises.Clock.GetUtcNow() - TimeSpan.FromMinutes(1));
        Assert.Equal(KeyEndState.Sealed, (await (await premises.OpenAsync()).GoOnAsync()).State);
        await premises.PassAsync(TimeSpan.FromMinutes(1));
        var later = await premises.OpenAsync();
        Assert.Equal(KeyEndState.Final, (await later.GoOnAsync()).State);
        Assert.True((await later.Certificates.FindAsync(Practice, Cancellation))!.Facts.IsFinal);
    }

    [Fact]
    public async Task It_is_not_sealed_while_another_process_may_hold_a_key()
    {
        await using var premises = DestructionPremises.Local();
        await premises.FillAsync();
        var (program, other) = (await premises.OpenAsync(), await premises.OpenAsync());

        // Opened after the first announcement and before the end of the key, as a busy program does.
        (await program.Ask.RunAsync(Practice, new Actor.Job("test"), Cancellation)).Expect();
        await program.Steps.TakeAsync(Practice, Cancellation);
        premises.Clock.Advance(KeyRevocations.HeardWithin);
        var held = await other.Ring.OpenAsync(Practice, Cancellation);
        await program.Steps.TakeAsync(Practice, Cancellation);
        var end = await program.EndAsync();

        Assert.Equal(KeyEndState.Deleted, end.State);
        Assert.Equal(end.HeldUntil, (await program.GoOnAsync()).WaitUntil);
        premises.Clock.Advance(end.HeldUntil!.Value - premises.Clock.GetUtcNow());
        Assert.Throws<KeysExpiredException>(() => held.BlindIndex(Purpose.Notes, "field", "value"));
        Assert.NotEqual(KeyEndState.Deleted, (await program.GoOnAsync()).State);
    }

    [Fact]
    public async Task Two_programs_that_destroy_at_once_leave_one_record_and_one_certificate()
    {
        await using var premises = DestructionPremises.Local();
        await premises.FillAsync();
        DestroyingProgram[] programs = [await premises.OpenAsync(), await premises.OpenAsync(), await premises.OpenAsync()];

        await premises.TickAsync(Task.WhenAll(programs.Select(program => Task.Run(program.DestroyAsync, Cancellation))));
        premises.Clock.Advance(KeyRevocations.HeardWithin + KeyRevocations.HeardWithin);
        await premises.TickAsync(Task.WhenAll(programs.Select(program => Task.Run(program.GoOnAsync, Cancellation))));
        premises.Clock.Advance(TimeSpan.FromSeconds(5));
        var last = await programs[0].GoOnAsync();

        Assert.Equal(KeyEndState.Final, last.State);
        Assert.Single(await programs[1].Shelf.ListAsync(Cancellation));
        var acts = await ActsAsync(premises);
        Assert.Single(acts, "keys-destroyed");
        Assert.Single(acts, "keys-destruction-final");
    }

    [Fact]
    public async Task The_practices_audit_log_tells_of_it_to_its_end()
    {
        await using var premises = DestructionPremises.Local();
        await premises.FillAsync();
        var program = await premises.OpenAsync();
        await program.DestroyAsync();
        premises.Clock.Advance(KeyRevocations.HeardWithin);
        await program.GoOnAsync();

        Assert.Equal(
            ["practice-created", "keys-destruction-asked", "keys-destroyed", "keys-destruction-final"], await ActsAsync(premises));
    }

    [Fact]
    public async Task A_store_put_back_from_before_opens_nothing()
    {
        await using var premises = DestructionPremises.Local();
        await premises.FillAsync();
        var before = await premises.CopyAsync();
        await (await premises.OpenAsync()).DestroyAsync();

        await premises.StopAsync();
        premises.DataFolder = before;
        premises.Start();

        var program = await premises.OpenAsync();
        var stored = await AskDestruction.StoredKeysAsync(premises.Storage.For(Practice).Documents, Cancellation);
        Assert.NotEmpty(stored);
        Assert.IsType<VaultFailures.TenantKeyDestroyed>(await program.RefusalAsync());
        Assert.IsType<VaultFailures.TenantKeyDestroyed>((await program.Ask.RunAsync(Practice, new Actor.Job("test"), Cancellation)).Failure);
        var other = await program.Scopes.OpenAsync(Other, Cancellation);
        Assert.NotNull(await other.FindAsync(Kept.Kind, "kept-3", Cancellation));
    }

    [Fact]
    public async Task Keys_of_the_platform_and_of_nobody_are_not_destroyed_and_nothing_is_made()
    {
        await using var premises = DestructionPremises.Local();
        var program = await premises.OpenAsync();

        Assert.IsType<DestructionFailures.OfPlatform>(
            (await program.Ask.RunAsync(DestructionShelf.Owner, new Actor.Job("test"), Cancellation)).Failure);
        Assert.IsType<VaultFailures.TenantKeyMissing>(
            (await program.Ask.RunAsync(Practice, new Actor.Job("test"), Cancellation)).Failure);

        Assert.Empty(await program.Shelf.ListAsync(Cancellation));
        Assert.Empty(await premises.Storage.Fleet.TenantsAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Null(await new ReadShredding(program.Shelf, premises.Clock).NowAsync(Cancellation));
    }

    [Fact]
    public void Only_the_moves_of_the_table_are_made_and_each_state_but_the_last_has_one()
    {
        foreach (var from in Enum.GetValues<KeyEndState>())
        {
            var moves = Enum.GetValues<KeyEndMove>().Where(move => KeyEndTable.After(from, move) is not null).ToList();

            Assert.Equal(from == KeyEndState.Final ? [] : [KeyEndTable.Next(from)!.Value], moves);
            Assert.All(moves, move => Assert.Equal(from + 1, KeyEndTable.After(from, move)));
        }
    }

    internal static async Task<List<string>> ActsAsync(DestructionPremises premises)
    {
        var entries = await premises.Storage.For(Practice).Logs.ReadAsync(AuditTrail.Log, 0, 100, Cancellation);
        return
        [
            .. entries.Select(static entry => AuditLeafReader.TryRead(entry.Span, out var leaf)
                ? leaf.Act : throw new InvalidOperationException("A leaf cannot be read.")),
        ];
    }
}
