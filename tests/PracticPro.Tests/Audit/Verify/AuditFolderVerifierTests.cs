using System.Security.Cryptography;
using System.Text;
using PracticPro.Audit.Verify;

namespace PracticPro.Tests.Audit.Verify;

[Trait("Promise", "AUD-1")]
public sealed class AuditFolderVerifierTests : IDisposable
{
    private readonly ECDsa signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        signer.Dispose();
        stranger.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    public void An_untouched_log_is_whole(int leaves)
    {
        var verdict = ExportedFolder.Of(leaves, signer).Verify(signer);
        Assert.True(verdict.IsWhole);
        Assert.Equal(leaves, verdict.Leaves);
        Assert.Equal((leaves + 2) / 3, verdict.DisclosedValues);
        Assert.Empty(verdict.Defects);
    }

    [Fact]
    public void Without_a_pin_a_sound_log_is_consistent_and_not_whole()
    {
        var verdict = ExportedFolder.Of(5, signer).Verify();
        Assert.True(verdict.IsConsistent);
        Assert.False(verdict.IsWhole);
        Assert.Equal(KeyStanding.NotPinned, verdict.Key);
    }

    [Fact]
    public void A_log_rewritten_whole_under_another_key_is_refused_by_the_pin()
    {
        var verdict = ExportedFolder.Of(5, stranger).Verify(signer);
        Assert.IsType<Defect.WrongKey>(Assert.Single(verdict.Defects));
        Assert.False(verdict.HasIntegrity || verdict.IsComplete);
    }

    [Fact]
    public void An_edited_leaf_is_named()
    {
        var folder = ExportedFolder.Of(9, signer)
            .EditLines(AuditFiles.Leaves, lines => lines[4] = ExportedFolder.Leaf(4).ChangedActor().ToUtf8());
        AssertOnly(new Defect.LeafEdited(4), folder.Verify(signer), integrity: false, completeness: true);
    }

    [Fact]
    public void A_missing_leaf_is_named()
    {
        var folder = ExportedFolder.Of(9, signer).EditLines(AuditFiles.Leaves, lines => lines.RemoveAt(4));
        AssertOnly(new Defect.LeafMissing(4), folder.Verify(signer), integrity: true, completeness: false);
    }

    [Fact]
    public void An_extra_leaf_is_named()
    {
        var folder = ExportedFolder.Of(9, signer)
            .EditLines(AuditFiles.Leaves, lines => lines.Insert(4, ExportedFolder.Leaf(100).ToUtf8()));
        AssertOnly(new Defect.LeafExtra(4), folder.Verify(signer), integrity: false, completeness: true);
    }

    [Fact]
    public void A_leaf_put_in_twice_is_named()
    {
        var folder = ExportedFolder.Of(9, signer).EditLines(AuditFiles.Leaves, lines => lines.Insert(5, lines[4]));
        AssertOnly(new Defect.LeafExtra(5), folder.Verify(signer), integrity: false, completeness: true);
    }

    [Fact]
    public void A_moved_leaf_is_named()
    {
        var folder = ExportedFolder.Of(9, signer).EditLines(AuditFiles.Leaves, lines =>
        {
            lines.Insert(2, lines[7]);
            lines.RemoveAt(8);
        }).Without(AuditFiles.Values);
        AssertOnly(new Defect.LeafMoved(7, 2), folder.Verify(signer), integrity: false, completeness: true);
    }

    [Fact]
    public void A_cut_tail_is_named()
    {
        var folder = ExportedFolder.Of(9, signer)
            .EditLines(AuditFiles.Leaves, lines => lines.RemoveRange(5, 4)).Without(AuditFiles.Values);
        AssertOnly(new Defect.TailCut(9, 5), folder.Verify(signer), integrity: true, completeness: false);
    }

    [Fact]
    public void A_tail_cut_from_leaves_and_hashes_alike_is_found()
    {
        var folder = ExportedFolder.Of(9, signer).Without(AuditFiles.Values)
            .EditLines(AuditFiles.Leaves, lines => lines.RemoveAt(8))
            .EditLines(AuditFiles.Hashes, lines => lines.RemoveAt(8));
        var verdict = folder.Verify(signer);
        Assert.Contains(new Defect.TailCut(9, 8), verdict.Defects);
        Assert.False(verdict.HasIntegrity || verdict.IsComplete);
    }

    [Fact]
    public void Leaves_added_with_their_hashes_are_found()
    {
        var extra = ExportedFolder.Leaf(100).ToUtf8();
        var folder = ExportedFolder.Of(9, signer).EditLines(AuditFiles.Leaves, lines => lines.Add(extra));
        folder[AuditFiles.Hashes] = ExportedFolder.HashList(folder.LinesOf(AuditFiles.Leaves));
        Assert.Contains(new Defect.SizeExceeded(9, 10), folder.Verify(signer).Defects);
    }

    [Fact]
    public void An_edit_with_its_hash_recomputed_is_found()
    {
        var folder = ExportedFolder.Of(9, signer)
            .EditLines(AuditFiles.Leaves, lines => lines[4] = ExportedFolder.Leaf(4).ChangedActor().ToUtf8());
        folder[AuditFiles.Hashes] = ExportedFolder.HashList(folder.LinesOf(AuditFiles.Leaves));
        AssertOnly(new Defect.RootDiffers(), folder.Verify(signer), integrity: false, completeness: false);
    }

    [Fact]
    public void A_changed_list_of_hashes_does_not_blame_the_leaves()
    {
        var folder = ExportedFolder.Of(9, signer)
            .EditLines(AuditFiles.Hashes, lines => lines[3] = lines[4]);
        AssertOnly(new Defect.HashListDiffers(3), folder.Verify(signer), integrity: false, completeness: true);
    }

    [Fact]
    public void A_leaf_that_cannot_be_read_is_named_even_when_signed()
    {
        byte[][] entries = [ExportedFolder.Leaf(1).ToUtf8(), "{\"v\":2}"u8.ToArray()];
        var folder = ExportedFolder.Of(0, signer);
        folder[AuditFiles.Leaves] = ExportedFolder.Lines(entries);
        folder[AuditFiles.Hashes] = ExportedFolder.HashList(entries);
        folder[AuditFiles.Checkpoint] = Encoding.UTF8.GetBytes(ExportedFolder.NoteFor(entries, signer).Text);
        AssertOnly(new Defect.LeafMalformed(1), folder.Verify(signer), integrity: false, completeness: true);
    }

    [Fact]
    public void A_checkpoint_signed_by_a_stranger_in_the_keys_name_is_refused()
    {
        var folder = ExportedFolder.Of(9, signer);
        var forged = ExportedFolder.NoteFor(folder.LinesOf(AuditFiles.Leaves), stranger);
        folder[AuditFiles.Checkpoint] = Encoding.UTF8.GetBytes(forged.Text);
        AssertOnly(new Defect.SignatureBad(), folder.Verify(signer), integrity: false, completeness: false);
    }

    [Fact]
    public void A_checkpoint_with_another_size_does_not_keep_its_signature()
    {
        var folder = ExportedFolder.Of(9, signer);
        var text = Encoding.UTF8.GetString(folder[AuditFiles.Checkpoint]);
        folder[AuditFiles.Checkpoint] = Encoding.UTF8.GetBytes(text.Replace("\n9\n", "\n8\n", StringComparison.Ordinal));
        Assert.Contains(new Defect.SignatureBad(), folder.Verify(signer).Defects);
    }

    [Fact]
    public void A_value_that_is_not_the_logged_one_is_named()
    {
        var folder = ExportedFolder.Of(9, signer).EditLines(AuditFiles.Values, lines =>
            lines[1] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(lines[1]).Replace("person 3", "person 4", StringComparison.Ordinal)));
        AssertOnly(new Defect.ValueDiffers(3, "recipient"), folder.Verify(signer), integrity: false, completeness: true);
    }

    [Fact]
    public void Values_of_no_leaf_are_named()
    {
        var folder = ExportedFolder.Of(9, signer)
            .EditLines(AuditFiles.Values, lines => lines.Add(lines[0]));
        AssertOnly(new Defect.ValuesStray(3), folder.Verify(signer), integrity: false, completeness: true);
    }

    [Fact]
    public void Values_that_are_gone_leave_the_log_whole_and_are_counted()
    {
        var verdict = ExportedFolder.Of(9, signer)
            .EditLines(AuditFiles.Values, lines => lines.RemoveAt(1)).Verify(signer);
        Assert.True(verdict.IsWhole);
        Assert.Equal((3L, 2L), (verdict.CommittedValues, verdict.DisclosedValues));
    }

    [Fact]
    public void A_log_of_another_practice_is_refused()
    {
        var verdict = ExportedFolder.Of(3, signer).Verify(signer, origin: Checkpoint.OriginPrefix + "clinic-b");
        Assert.IsType<Defect.OriginDiffers>(Assert.Single(verdict.Defects));
    }

    [Fact]
    public void A_grown_log_agrees_with_its_earlier_checkpoint()
    {
        var folder = ExportedFolder.Of(9, signer);
        var earlier = ExportedFolder.NoteFor(folder.LinesOf(AuditFiles.Leaves).Take(4), signer);
        Assert.True(folder.Verify(signer, earlier).IsWhole);
    }

    [Fact]
    public void A_history_rewritten_under_the_true_key_is_found_by_an_earlier_checkpoint()
    {
        var earlier = ExportedFolder.NoteFor(ExportedFolder.Of(4, signer, seed: 1).LinesOf(AuditFiles.Leaves), signer);
        var verdict = ExportedFolder.Of(9, signer).Verify(signer, earlier);
        Assert.Equal([new Defect.HistoryRewritten(4)], verdict.Defects);
    }

    [Fact]
    public void A_log_cut_under_the_true_key_is_found_by_an_earlier_checkpoint()
    {
        var earlier = ExportedFolder.NoteFor(ExportedFolder.Of(9, signer).LinesOf(AuditFiles.Leaves), signer);
        var verdict = ExportedFolder.Of(4, signer).Verify(signer, earlier);
        Assert.Equal([new Defect.ShorterThanEarlier(9, 4)], verdict.Defects);
    }

    [Theory]
    [InlineData(AuditFiles.Leaves)]
    [InlineData(AuditFiles.Hashes)]
    [InlineData(AuditFiles.Checkpoint)]
    [InlineData(AuditFiles.Key)]
    public void A_missing_file_is_named(string name) =>
        Assert.Contains(new Defect.FileMissing(name), ExportedFolder.Of(3, signer).Without(name).Verify(signer).Defects);

    [Fact]
    public void A_ruined_file_gives_a_bounded_list_of_defects()
    {
        var folder = ExportedFolder.Of(300, signer).EditLines(AuditFiles.Leaves, lines =>
        {
            for (var at = 0; at < lines.Count; at++)
            {
                lines[at] = [.. lines[at], (byte)' '];
            }
        });
        var verdict = folder.Verify(signer);
        Assert.Equal(DefectList.Maximum, verdict.Defects.Length);
        Assert.True(verdict.FurtherDefects >= 250);
    }

    [Fact]
    public void A_line_longer_than_the_buffer_is_refused_without_being_held()
    {
        var folder = ExportedFolder.Of(3, signer);
        folder[AuditFiles.Leaves] = [.. folder[AuditFiles.Leaves], .. new byte[600_000]];
        Assert.Contains(new Defect.FileDamaged(AuditFiles.Leaves), folder.Verify(signer).Defects);
    }

    private static void AssertOnly(Defect expected, AuditVerdict verdict, bool integrity, bool completeness)
    {
        Assert.Equal([expected], verdict.Defects);
        Assert.Equal((integrity, completeness), (verdict.HasIntegrity, verdict.IsComplete));
    }
}

internal static class LeafEdits
{
    public static AuditLeaf ChangedActor(this AuditLeaf leaf) => leaf with { Actor = "job:somebody-else" };
}
