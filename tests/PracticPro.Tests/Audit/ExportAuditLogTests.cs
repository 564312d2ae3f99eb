using System.Text;
using PracticPro.Audit;
using PracticPro.Audit.Verify;
using PracticPro.Cli;

namespace PracticPro.Tests.Audit;

public sealed class ExportAuditLogTests : IDisposable
{
    private readonly DirectoryInfo scratch = Directory.CreateTempSubdirectory("practicpro-audit-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(scratch.FullName, "export");

    public void Dispose() => scratch.Delete(recursive: true);

    [Fact]
    [Trait("Promise", "AUD-4")]
    public async Task An_export_verifies_with_nothing_but_the_folder_and_the_pinned_key()
    {
        using var audit = await AuditFixture.MakeAsync();
        await audit.LogAsync(AuditFixture.Sent(), AuditFixture.Synced(3), AuditFixture.Sent("Grace"));
        var export = await ExportAsync(audit, AuditDisclosure.WithValues);
        Assert.Equal((2L, 0L), (export.Disclosed, export.Unreadable));
        var (code, text) = await VerifyAsync(new(KeyIdOf(audit)));
        Assert.Equal(VerifyAuditVerb.Whole, code);
        Assert.Contains("Whole.", text, StringComparison.Ordinal);
        Assert.Contains("2 logged, 2 disclosed", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "AUD-2")]
    public async Task An_export_is_the_last_thing_in_itself()
    {
        using var audit = await AuditFixture.MakeAsync();
        await audit.LogAsync(AuditFixture.Synced(3));
        await ExportAsync(audit, AuditDisclosure.LeavesOnly);
        var last = (await File.ReadAllLinesAsync(Path.Combine(Folder, AuditFiles.Leaves), Cancellation))[^1];
        Assert.Contains("\"act\":\"audit-exported\"", last, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "AUD-3")]
    public async Task An_export_of_leaves_only_holds_no_personal_value()
    {
        using var audit = await AuditFixture.MakeAsync();
        await audit.LogAsync(AuditFixture.Sent());
        await ExportAsync(audit, AuditDisclosure.LeavesOnly);
        Assert.False(Path.Exists(Path.Combine(Folder, AuditFiles.Values)));
        Assert.False(await HoldsAsync(AuditFixture.Name));
        Assert.Equal(VerifyAuditVerb.Whole, (await VerifyAsync(new(KeyIdOf(audit)))).Code);
    }

    [Fact]
    [Trait("Promise", "AUD-1")]
    public async Task Erased_values_are_nowhere_and_the_log_stays_whole()
    {
        using var audit = await AuditFixture.MakeAsync();
        await audit.LogAsync(AuditFixture.Sent(), AuditFixture.Synced(3), AuditFixture.Sent());
        var before = await audit.Checkpoints.ExecuteAsync(Cancellation);
        var erased = await new EraseAuditValues(audit.Storage, audit.Keys, audit.Clock)
            .ExecuteAsync(AuditFixture.Sync, AuditFixture.Contact, Cancellation);
        Assert.Equal(2, erased);
        Assert.DoesNotContain(audit.Storage.Everything(), document => document.Key.Kind == AuditValues.Kind);
        var record = (await audit.Trail.ReadAsync(0, 1, Cancellation)).Single();
        Assert.IsType<AuditValue.Erased>(record.Values.Single().Value);
        await ExportAsync(audit, AuditDisclosure.WithValues);
        Assert.False(await HoldsAsync(AuditFixture.Name));
        var earlier = Path.Combine(scratch.FullName, "earlier.txt");
        await File.WriteAllTextAsync(earlier, before.Text, Cancellation);
        Assert.Equal(VerifyAuditVerb.Whole, (await VerifyAsync(new(KeyIdOf(audit), earlier))).Code);
    }

    [Fact]
    public async Task Erasing_one_leaves_the_values_of_others_and_is_logged_without_saying_what()
    {
        using var audit = await AuditFixture.MakeAsync();
        var other = AuditFixture.Sent("Grace") with { About = new("contact", "contact-2") };
        await audit.LogAsync([.. Enumerable.Repeat(AuditFixture.Sent(), 95), other]);
        var erasure = new EraseAuditValues(audit.Storage, audit.Keys, audit.Clock);
        Assert.Equal(95, await erasure.ExecuteAsync(AuditFixture.Sync, AuditFixture.Contact, Cancellation));
        Assert.Equal(0, await erasure.ExecuteAsync(AuditFixture.Sync, AuditFixture.Contact, Cancellation));
        Assert.Single(audit.Storage.Everything(), document => document.Key.Kind == AuditValues.Kind);
        var logged = (await audit.Trail.ReadAsync(96, 10, Cancellation)).Select(record => (record.Act, record.Counts.Single().Value));
        Assert.Equal([(AuditAct.AuditValuesErased, 90L), (AuditAct.AuditValuesErased, 5L)], logged);
    }

    [Fact]
    public async Task A_folder_that_is_taken_is_left_as_it_is()
    {
        using var audit = await AuditFixture.MakeAsync();
        Directory.CreateDirectory(Folder);
        var outcome = await audit.Export.ExecuteAsync(Folder, AuditFixture.Sync, AuditDisclosure.LeavesOnly, Cancellation);
        Assert.IsType<AuditFailures.FolderTaken>(outcome.Failure);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
        Assert.Equal(0, await audit.Trail.CountAsync(Cancellation));
    }

    [Fact]
    [Trait("Promise", "AUD-1")]
    public async Task A_store_that_was_changed_in_the_middle_is_not_exported_as_good()
    {
        using var audit = await AuditFixture.MakeAsync();
        await audit.LogAsync(AuditFixture.Synced(1), AuditFixture.Synced(2), AuditFixture.Synced(3));
        await audit.Checkpoints.ExecuteAsync(Cancellation);
        var changed = await audit.WithLeavesAsync(leaves => leaves[1] = ExportedFolder.Leaf(1).ToUtf8());
        var export = new ExportAuditLog(changed, audit.Keys, audit.Signer, audit.Clock);
        await Assert.ThrowsAsync<AuditLogAlteredException>(async () =>
            await export.ExecuteAsync(Folder, AuditFixture.Sync, AuditDisclosure.LeavesOnly, Cancellation));
        Assert.Empty(scratch.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task Values_that_do_not_open_are_counted_and_do_not_keep_the_log_back()
    {
        using var audit = await AuditFixture.MakeAsync();
        await audit.LogAsync(AuditFixture.Sent());
        var document = audit.Storage.Everything().Single(document => document.Key.Kind == AuditValues.Kind);
        audit.Storage.Overwrite(document with { Body = new byte[200] });
        var export = await ExportAsync(audit, AuditDisclosure.WithValues);
        Assert.Equal((0L, 1L), (export.Disclosed, export.Unreadable));
        Assert.Equal(VerifyAuditVerb.Whole, (await VerifyAsync(new(KeyIdOf(audit)))).Code);
    }

    [Fact]
    public async Task Without_a_pin_the_exit_code_says_so_unless_that_is_allowed()
    {
        using var audit = await AuditFixture.MakeAsync();
        await ExportAsync(audit, AuditDisclosure.LeavesOnly);
        var (code, text) = await VerifyAsync(new());
        Assert.Equal(VerifyAuditVerb.NotPinned, code);
        Assert.Contains("key not pinned", text, StringComparison.Ordinal);
        Assert.Equal(VerifyAuditVerb.Whole, (await VerifyAsync(new(AllowUnpinned: true))).Code);
    }

    [Fact]
    public async Task A_pinned_key_file_is_read_and_another_key_is_refused()
    {
        using var audit = await AuditFixture.MakeAsync();
        using var other = await AuditFixture.MakeAsync();
        await ExportAsync(audit, AuditDisclosure.LeavesOnly);
        var pin = Path.Combine(scratch.FullName, "pin.pem");
        await File.WriteAllTextAsync(pin, audit.Signer.PublicKeyPem, Cancellation);
        using var output = new StringWriter();
        Assert.Equal(VerifyAuditVerb.Whole, await VerifyAuditVerb.RunAsync(Folder, pin, output, Cancellation));
        await File.WriteAllTextAsync(pin, other.Signer.PublicKeyPem, Cancellation);
        Assert.Equal(VerifyAuditVerb.NotWhole, await VerifyAuditVerb.RunAsync(Folder, pin, output, Cancellation));
    }

    [Fact]
    public async Task What_cannot_be_checked_is_neither_good_nor_bad()
    {
        using var audit = await AuditFixture.MakeAsync();
        Assert.Equal(VerifyAuditVerb.NotChecked, (await VerifyAsync(new(KeyIdOf(audit)))).Code);
        await ExportAsync(audit, AuditDisclosure.LeavesOnly);
        Assert.Equal(VerifyAuditVerb.NotChecked, (await VerifyAsync(new("no-such-file.pem"))).Code);
        Assert.Equal(VerifyAuditVerb.NotChecked, (await VerifyAsync(new(KeyIdOf(audit), "no-such-file.txt"))).Code);
    }

    [Fact]
    public async Task A_defect_is_told_in_a_sentence()
    {
        using var audit = await AuditFixture.MakeAsync();
        await audit.LogAsync(AuditFixture.Synced(1), AuditFixture.Synced(2));
        await ExportAsync(audit, AuditDisclosure.LeavesOnly);
        var leaves = Path.Combine(Folder, AuditFiles.Leaves);
        var text = await File.ReadAllTextAsync(leaves, Cancellation);
        await File.WriteAllTextAsync(leaves, text.Replace("\"messages\":2", "\"messages\":9", StringComparison.Ordinal), Cancellation);
        var (code, said) = await VerifyAsync(new(KeyIdOf(audit)));
        Assert.Equal(VerifyAuditVerb.NotWhole, code);
        Assert.Contains("Leaf 1 was changed after it was logged.", said, StringComparison.Ordinal);
        Assert.Contains("Completeness: holds", said, StringComparison.Ordinal);
    }

    private static string KeyIdOf(AuditFixture audit) => TakeCheckpoint.KeyOf(audit.Signer).KeyId;

    private async Task<AuditExport> ExportAsync(AuditFixture audit, AuditDisclosure disclosure) =>
        (await audit.Export.ExecuteAsync(Folder, AuditFixture.Sync, disclosure, Cancellation)).Expect();

    private async Task<(int Code, string Text)> VerifyAsync(VerifyAuditOptions options)
    {
        using var output = new StringWriter();
        return (await VerifyAuditVerb.RunAsync(Folder, options, output, Cancellation), output.ToString());
    }

    private async Task<bool> HoldsAsync(string text)
    {
        foreach (var file in Directory.EnumerateFiles(Folder))
        {
            if ((await File.ReadAllBytesAsync(file, Cancellation)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
