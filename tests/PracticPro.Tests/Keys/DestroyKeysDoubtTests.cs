using System.Text;
using Microsoft.Extensions.Configuration;
using PracticPro.Audit;
using PracticPro.Audit.Verify;
using PracticPro.Backup;
using PracticPro.Hosting;
using PracticPro.Keys.Destruction;
using PracticPro.Storage;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.Local;
using static PracticPro.Tests.Keys.DestructionPremises;

namespace PracticPro.Tests.Keys;

/// <summary>What lies in the store is not believed: a certificate that was put there, a mark that is gone, a key that came late.</summary>
[Trait("Promise", "ENC-4")]
public sealed class DestroyKeysDoubtTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sealed")]
    [InlineData("final")]
    public async Task A_certificate_that_a_stranger_signed_is_refused_and_decides_nothing(string state)
    {
        await using var premises = DestructionPremises.Local();
        var program = await DeletedAsync(premises);
        using var stranger = await StrangerAsync(premises);
        await PlantAsync(premises, state, await NoteAsync(await PastAsync(program, state), stranger.Signer));

        await Assert.ThrowsAsync<StorageCorruptException>(async () => await program.GoOnAsync());
        await Assert.ThrowsAsync<StorageCorruptException>(async () => await program.Certificates.FindAsync(Practice, Cancellation));
        Assert.True((await program.EndAsync()).State < KeyEndState.Final);
    }

    [Theory]
    [InlineData("sealed")]
    [InlineData("final")]
    public async Task A_genuine_certificate_of_another_practice_is_refused(string state)
    {
        await using var premises = DestructionPremises.Local();
        var program = await DeletedAsync(premises);
        await PlantAsync(
            premises, state, await NoteAsync(await PastAsync(program, state) with { Tenant = Other }, program.Signer));

        await Assert.ThrowsAsync<StorageCorruptException>(async () => await program.GoOnAsync());
        await Assert.ThrowsAsync<StorageCorruptException>(async () => await program.Certificates.FindAsync(Practice, Cancellation));
    }

    [Fact]
    public async Task A_genuine_certificate_of_another_state_is_refused()
    {
        await using var premises = DestructionPremises.Local();
        var program = await DeletedAsync(premises);
        await PlantAsync(premises, "final", await NoteAsync(await PastAsync(program, "sealed"), program.Signer));

        await Assert.ThrowsAsync<StorageCorruptException>(async () => await program.Certificates.FindAsync(Practice, Cancellation));
    }

    [Fact]
    public async Task A_certificate_signed_before_a_change_of_the_signing_key_is_good_and_not_without_the_statement()
    {
        await using var premises = DestructionPremises.Local();
        var program = await DeletedAsync(premises);
        await program.GoOnAsync();
        using var next = await StrangerAsync(premises);
        var succession = new KeySuccession(
            TakeCheckpoint.KeyOf(program.Signer), TakeCheckpoint.KeyOf(next.Signer), 0, SuccessionReason.Scheduled);
        var text = Encoding.UTF8.GetBytes(succession.Text);
        var byOld = await program.Signer.SignAsync(text, Cancellation);
        var byNew = await next.Signer.SignAsync(text, Cancellation);
        var statement = SuccessionNote.Of(succession, byOld, byNew);

        var after = new DestructionCertificates(
            premises.Storage, new FollowingSigner(next.Signer, statement.Text), premises.Backup);
        var unrelated = new DestructionCertificates(premises.Storage, next.Signer, premises.Backup);

        Assert.True((await after.FindAsync(Practice, Cancellation))!.Facts.IsFinal);
        await Assert.ThrowsAsync<StorageCorruptException>(async () => await unrelated.FindAsync(Practice, Cancellation));
    }

    [Fact]
    public async Task A_certificate_kept_before_does_not_bring_the_end_forward()
    {
        await using var premises = DestructionPremises.Local();
        premises.Backup = BackupTerms.Folder(TimeSpan.FromDays(7));
        var program = await DeletedAsync(premises);
        var early = await PastAsync(program, "sealed");
        await PlantAsync(premises, "sealed", await NoteAsync(early, program.Signer));

        Assert.Equal(KeyEndState.Sealed, (await program.GoOnAsync()).State);
        var end = await program.EndAsync();
        Assert.Equal(end.ErasedAt!.Value.AddDays(7), end.FinalFrom);
    }

    [Fact]
    public async Task Without_the_mark_in_the_fleet_the_control_goes_on()
    {
        await using var premises = DestructionPremises.Local();
        var program = await DeletedAsync(premises);
        await program.GoOnAsync();
        await premises.Storage.Fleet.ReleaseAsync(
            new FleetKey("key-destructions", "any"), new FleetEntry(DestructionShelf.Owner, "any"), Cancellation);
        Assert.Null(await premises.Storage.Fleet.FindAsync(new FleetKey("key-destructions", "any"), Cancellation));
        await premises.PassAsync(TimeSpan.FromDays(1));

        var later = await premises.OpenAsync();
        Assert.True(await later.Shelf.HasAnyAsync(Cancellation));
        Assert.Equal(ShredVerdict.Shredded, Assert.Single(await later.Control.RunAsync(Cancellation)).Verdict);
        Assert.NotNull(await new ReadShredding(later.Shelf, premises.Clock).NowAsync(Cancellation));
    }

    [Fact]
    public async Task A_wrapped_key_that_is_stored_late_is_erased_too_and_the_backup_counts_from_then()
    {
        await using var premises = DestructionPremises.Local();
        premises.Backup = BackupTerms.Folder(TimeSpan.FromDays(7));
        await premises.FillAsync();
        var documents = premises.Storage.For(Practice).Documents;
        var program = await premises.OpenAsync();
        var wrapped = (await AskDestruction.StoredKeysAsync(documents, Cancellation))[0].Document;
        await program.DestroyAsync();
        var first = (await program.EndAsync()).ErasedAt!.Value;

        premises.Clock.Advance(KeyRevocations.HeardWithin);
        await documents.CommitAsync(new Batch([new Operation.Put(wrapped, Condition.Absent)]), Cancellation);
        await program.GoOnAsync();

        var end = await program.EndAsync();
        Assert.Empty(await AskDestruction.StoredKeysAsync(documents, Cancellation));
        Assert.Equal((KeyEndState.Sealed, first + KeyRevocations.HeardWithin), (end.State, end.ErasedAt!.Value));
        Assert.Equal(end.ErasedAt.Value.AddDays(7), end.FinalFrom);
        Assert.Single(await DestroyKeysTests.ActsAsync(premises), "keys-destroyed");
    }

    [Theory]
    [InlineData(7, 24, 9.0)]
    [InlineData(30, 6, 31.25)]
    public void A_backup_folder_is_taken_to_reach_back_by_an_interval_of_whole_copies_more(int days, int hours, double reach)
    {
        var options = ProgramOptions.From(new ConfigurationBuilder().Build()) with
        {
            Backup = new BackupOptions { Folder = "backup", Days = days, SnapshotHours = hours },
        };

        Assert.Equal(BackupTerms.Folder(TimeSpan.FromDays(reach)), Composition.TermsOf(options));
    }

    /// <summary>Destroyed, and no process holds a key any more: the next step seals.</summary>
    private static async Task<DestroyingProgram> DeletedAsync(DestructionPremises premises)
    {
        await premises.FillAsync();
        var program = await premises.OpenAsync();
        await program.DestroyAsync();
        premises.Clock.Advance(KeyRevocations.HeardWithin);
        return program;
    }

    /// <summary>The record as it would be with an end that is long past.</summary>
    private static async Task<KeyEnd> PastAsync(DestroyingProgram program, string state)
    {
        var end = await program.EndAsync();
        var past = end.AskedAt.AddDays(-1);
        return end with
        {
            State = state == "final" ? KeyEndState.Final : KeyEndState.Sealed,
            SealedAt = past,
            FinalFrom = past,
            FinalAt = state == "final" ? past : null,
            LastTry = new ShredTry(past, ShredVerdict.Shredded, "refused", 1),
        };
    }

    private static async Task<LocalVault> StrangerAsync(DestructionPremises premises) => await LocalVault.OpenAsync(
        Path.Combine(Path.GetDirectoryName(premises.KeyFile)!, "other", "keys.json"), premises.Clock, premises.Log, Cancellation);

    private static async Task<string> NoteAsync(KeyEnd end, ICheckpointSigner signer)
    {
        var certificate = CertificateText.Of(end, BackupTerms.None);
        var signature = await signer.SignAsync(CertificateNote.Signed(certificate), Cancellation);
        return CertificateNote.Of(certificate, TakeCheckpoint.KeyOf(signer), signature).Text;
    }

    private static async Task PlantAsync(DestructionPremises premises, string state, string note)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(note));
        Assert.True(await premises.Storage.For(DestructionShelf.Owner).Blobs.WriteAsync(
            new BlobName($"key-destructions/{Practice}/{state}"), content, Cancellation));
    }

    /// <summary>Signs by a key that another one said would follow it.</summary>
    private sealed class FollowingSigner(ICheckpointSigner inner, string statement) : ICheckpointSigner
    {
        public SigningKeyId KeyId => inner.KeyId;

        public string PublicKeyPem => inner.PublicKeyPem;

        public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation) =>
            inner.SignAsync(message, cancellation);

        public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => inner.Verify(message, signature);

        public ValueTask<SigningChain> CurrentAsync(CancellationToken cancellation) =>
            ValueTask.FromResult(new SigningChain(inner, [statement]));
    }
}
