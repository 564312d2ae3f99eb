using System.Collections.Immutable;
using PracticPro.Audit;
using PracticPro.Audit.Verify;
using PracticPro.Cli;
using PracticPro.Kernel;
using PracticPro.Keys.Platform;
using PracticPro.Storage;
using PracticPro.Tests.Audit;
using PracticPro.Tests.Support;
using PracticPro.Tests.Vault;
using PracticPro.Vault;

namespace PracticPro.Tests.Keys.Platform;

/// <summary>The change of the signing key as a whole, and logs that were signed by several keys.</summary>
[Trait("Promise", "AUD-1")]
public sealed class RotateSigningKeyTests : IDisposable
{
    private readonly VaultFixture vault = VaultFixture.Make();
    private readonly MemoryFleet fleet = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("practicpro-signing-");
    private readonly List<RotateSigningKey.News> news = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PlatformSigner Signer => vault.Local.Signer;

    public void Dispose()
    {
        vault.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_export_by_the_new_key_is_whole_to_who_pinned_the_old_one_and_to_who_pinned_the_new()
    {
        var old = await FillAsync();
        var before = await ExportAsync("before");
        (await DriveAsync(RunAsync(SuccessionReason.Scheduled))).Expect();
        var now = TakeCheckpoint.KeyOf(Signer).KeyId;
        var after = await ExportAsync("after");

        Assert.NotEqual(old, now);
        Assert.Equal(VerifyAuditVerb.Whole, await VerifyAsync(after, old));
        Assert.Equal(VerifyAuditVerb.Whole, await VerifyAsync(after, now));
        Assert.Equal(VerifyAuditVerb.Whole, await VerifyAsync(before, old));
        Assert.Equal(VerifyAuditVerb.NotWhole, await VerifyAsync(before, now));
        Assert.Equal(VerifyAuditVerb.Whole, await VerifyAsync(before, now, Path.Combine(after, AuditFiles.Successions)));
    }

    [Fact]
    public async Task After_three_changes_the_oldest_pin_still_verifies()
    {
        var old = await FillAsync();
        for (var times = 0; times < 3; times++)
        {
            (await DriveAsync(RunAsync(SuccessionReason.Scheduled, evenLately: true))).Expect();
            await LogAsync(2);
            await Checkpoints().ExecuteAsync(Cancellation);
        }

        Assert.Equal(VerifyAuditVerb.Whole, await VerifyAsync(await ExportAsync("after"), old));
        Assert.NotNull(await Checkpoints().RecheckAsync(Cancellation));
    }

    [Fact]
    public async Task After_a_compromise_the_old_key_counts_for_nothing_and_the_log_is_signed_anew()
    {
        var old = await FillAsync();
        var before = await ExportAsync("before");
        (await DriveAsync(RunAsync(SuccessionReason.Compromised))).Expect();
        var after = await ExportAsync("after");
        var now = TakeCheckpoint.KeyOf(Signer).KeyId;

        Assert.Equal(VerifyAuditVerb.Whole, await VerifyAsync(after, now));
        Assert.Equal(VerifyAuditVerb.NotWhole, await VerifyAsync(after, old));
        var statements = Path.Combine(after, AuditFiles.Successions);
        Assert.Equal(VerifyAuditVerb.NotWhole, await VerifyAsync(before, old, statements));
        Assert.Equal(VerifyAuditVerb.NotWhole, await VerifyAsync(before, now, statements));
    }

    [Fact]
    public async Task Without_new_leaves_the_last_checkpoint_is_signed_anew_once()
    {
        await FillAsync();
        var note = await Checkpoints().ExecuteAsync(Cancellation);
        (await DriveAsync(RunAsync(SuccessionReason.Scheduled))).Expect();
        var anew = await Checkpoints().ExecuteAsync(Cancellation);
        Assert.Equal(note.Checkpoint, anew.Checkpoint);
        Assert.True(anew.IsSignedBy(TakeCheckpoint.KeyOf(Signer)));
        Assert.Equal(anew, await Checkpoints().ExecuteAsync(Cancellation));
        Assert.Equal(anew, await Checkpoints().RecheckAsync(Cancellation));
    }

    [Fact]
    public async Task A_log_that_was_changed_under_the_old_key_is_not_signed_by_the_new_one()
    {
        await FillAsync();
        using var other = VaultFixture.Make();
        await LogAsync(7, other);
        var strange = new TakeCheckpoint(other.Storage.For(VaultFixture.A), Signer);
        var note = await strange.ExecuteAsync(Cancellation);
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(note.Text));
        await vault.Storage.For(VaultFixture.A).Blobs.WriteAsync(
            new BlobName("audit/checkpoints/0000000000000000007"), stream, Cancellation);
        (await DriveAsync(RunAsync(SuccessionReason.Compromised))).Expect();
        Assert.Contains(new RotateSigningKey.News.SignedAnew(0, 1), news);
        await Assert.ThrowsAsync<AuditLogAlteredException>(async () => await Checkpoints().ExecuteAsync(Cancellation));
    }

    [Fact]
    public async Task A_key_nobody_followed_is_no_key_of_ours()
    {
        await FillAsync();
        await Checkpoints().ExecuteAsync(Cancellation);
        using var other = VaultFixture.Make();
        await Assert.ThrowsAsync<AuditLogAlteredException>(async () =>
            await new TakeCheckpoint(vault.Storage.For(VaultFixture.A), other.Local.Signer).ExecuteAsync(Cancellation));
    }

    [Fact]
    public async Task A_run_that_dies_at_any_write_is_gone_on_with_by_the_next()
    {
        for (var dies = 1; ; dies++)
        {
            using var fixture = new RotateSigningKeyTests();
            var old = await fixture.FillAsync();
            var left = dies;
            var dying = new DyingKeys(fixture.vault.Local.SigningKeys, () =>
            {
                if (--left == 0)
                {
                    throw new IOException("The power is gone.");
                }
            });
            try
            {
                await fixture.DriveAsync(fixture.Program(dying).RunAsync(SuccessionReason.Scheduled, false, fixture.news.Add, Cancellation));
                Assert.Equal(5, dies);
                return;
            }
            catch (IOException)
            {
                await fixture.LogAsync(1);
                await fixture.Checkpoints().ExecuteAsync(Cancellation);
            }

            var outcome = await fixture.DriveAsync(fixture.RunAsync(SuccessionReason.Scheduled));
            Assert.True(outcome.Succeeded || outcome.Failure is PlatformFailures.ChangedLately);
            Assert.Equal([true, false], (await fixture.vault.Local.SigningKeys.ReadAsync(Cancellation)).Select(one => one.IsEnded));
            Assert.Equal(VerifyAuditVerb.Whole, await VerifyAsync(await fixture.ExportAsync("after"), old));
        }
    }

    [Fact]
    public async Task Two_runs_at_once_make_one_successor()
    {
        var old = await FillAsync();
        var outcomes = await DriveAsync(Task.WhenAll(RunAsync(SuccessionReason.Scheduled), RunAsync(SuccessionReason.Scheduled)));
        Assert.All(outcomes, outcome => Assert.True(outcome.Succeeded || outcome.Failure is PlatformFailures.ChangedLately));
        Assert.Equal(2, (await vault.Local.SigningKeys.ReadAsync(Cancellation)).Length);
        Assert.Equal(VerifyAuditVerb.Whole, await VerifyAsync(await ExportAsync("after"), old));
    }

    [Fact]
    public async Task A_compromise_is_refused_while_a_scheduled_change_is_under_way_and_done_after_it()
    {
        await FillAsync();
        var writes = 0;
        var dying = new DyingKeys(vault.Local.SigningKeys, () =>
        {
            if (++writes == 2)
            {
                throw new IOException("The power is gone.");
            }
        });
        await Assert.ThrowsAsync<IOException>(
            () => Program(dying).RunAsync(SuccessionReason.Scheduled, false, news.Add, Cancellation));

        var refused = await DriveAsync(RunAsync(SuccessionReason.Compromised, evenLately: true));

        Assert.IsType<PlatformFailures.FollowedAsScheduled>(refused.Failure);
        Assert.Equal([false, false], (await vault.Local.SigningKeys.ReadAsync(Cancellation)).Select(one => one.IsEnded));
        (await DriveAsync(RunAsync(SuccessionReason.Scheduled))).Expect();
        var between = TakeCheckpoint.KeyOf(Signer).KeyId;
        (await DriveAsync(RunAsync(SuccessionReason.Compromised, evenLately: true))).Expect();
        Assert.Equal(VerifyAuditVerb.NotWhole, await VerifyAsync(await ExportAsync("after"), between));
    }

    [Fact]
    public async Task A_compromise_that_came_second_is_not_told_to_be_done()
    {
        await FillAsync();
        var outcomes = await DriveAsync(Task.WhenAll(RunAsync(SuccessionReason.Scheduled), RunAsync(SuccessionReason.Compromised)));

        Assert.True(SuccessionNote.TryParse((await vault.Local.SigningKeys.ReadAsync(Cancellation))[^1].Statement, out var note));
        Assert.Equal(note.Succession.Reason == SuccessionReason.Compromised, outcomes[1].Succeeded);
    }

    [Fact]
    public async Task A_change_just_done_is_not_begun_again_unless_it_is_asked_for()
    {
        await FillAsync();
        (await DriveAsync(RunAsync(SuccessionReason.Scheduled))).Expect();
        Assert.IsType<PlatformFailures.ChangedLately>((await RunAsync(SuccessionReason.Scheduled)).Failure);
        var due = await PlatformDue.AllAsync(vault.Local.FleetHashKeys, vault.Local.SigningKeys, Cancellation);
        Assert.Null(due[0].DueAt);
        Assert.Equal((2, due[1].Since + PlatformDue.Every), (due[1].Generation, due[1].DueAt));
    }

    private static async Task<int> VerifyAsync(string export, string pin, string? successions = null)
    {
        using var output = new StringWriter();
        return await VerifyAuditVerb.RunAsync(export, new VerifyAuditOptions(pin, Successions: successions), output, Cancellation);
    }

    /// <summary>A log with some leaves, a checkpoint, and a few leaves more.</summary>
    private async Task<string> FillAsync()
    {
        fleet.Entries[new FleetKey("tenant", "a")] = new FleetEntry(VaultFixture.A, "a");
        await LogAsync(5);
        await Checkpoints().ExecuteAsync(Cancellation);
        await LogAsync(2);
        return TakeCheckpoint.KeyOf(Signer).KeyId;
    }

    private Task LogAsync(int leaves) => LogAsync(leaves, vault);

    private static async Task LogAsync(int leaves, VaultFixture where)
    {
        var storage = where.Storage.For(VaultFixture.A);
        var trail = new AuditTrail(storage, await where.KeysAsync(VaultFixture.A), where.Clock);
        for (var at = 0; at < leaves; at++)
        {
            await storage.Documents.CommitAsync(new Batch(trail.Compose(AuditFixture.Synced(at))), Cancellation);
        }
    }

    private TakeCheckpoint Checkpoints() => new(vault.Storage.For(VaultFixture.A), Signer);

    private async Task<string> ExportAsync(string name)
    {
        var export = new ExportAuditLog(
            vault.Storage.For(VaultFixture.A), await vault.KeysAsync(VaultFixture.A), Signer, vault.Clock);
        var path = Path.Combine(folder.FullName, name);
        return (await export.ExecuteAsync(path, AuditFixture.Sync, AuditDisclosure.LeavesOnly, Cancellation)).Expect().Folder;
    }

    private RotateSigningKey Program(ISigningKeys? keys = null) => new(
        keys ?? vault.Local.SigningKeys, Signer, new AuditTrails(vault.Storage, vault.Ring, Signer, vault.Clock), fleet,
        PlatformPace.OfOne, vault.Clock);

    private Task<Outcome<Done>> RunAsync(SuccessionReason reason, bool evenLately = false) =>
        Program().RunAsync(reason, evenLately, news.Add, Cancellation);

    private async Task<T> DriveAsync<T>(Task<T> run)
    {
        while (!run.IsCompleted)
        {
            vault.Clock.Advance(TimeSpan.FromSeconds(20));
            await Deadline.MomentAsync(Cancellation);
        }

        return await run;
    }

    /// <summary>Dies before or after each of its writes.</summary>
    private sealed class DyingKeys(ISigningKeys keys, Action step) : ISigningKeys
    {
        public ValueTask<ImmutableArray<SigningGeneration>> ReadAsync(CancellationToken cancellation) => keys.ReadAsync(cancellation);

        public ValueTask<ICheckpointSigner> OpenAsync(int number, CancellationToken cancellation) => keys.OpenAsync(number, cancellation);

        public ValueTask<ISigningCandidate> MakeAsync(CancellationToken cancellation) => keys.MakeAsync(cancellation);

        public async ValueTask SucceedAsync(
            ISigningCandidate candidate, int number, DateTimeOffset signsFrom, string statement, CancellationToken cancellation)
        {
            step();
            await keys.SucceedAsync(candidate, number, signsFrom, statement, cancellation);
            step();
        }

        public async ValueTask EndAsync(int number, CancellationToken cancellation)
        {
            step();
            await keys.EndAsync(number, cancellation);
            step();
        }
    }
}
