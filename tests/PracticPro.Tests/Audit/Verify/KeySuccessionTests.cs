using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using PracticPro.Audit.Verify;

namespace PracticPro.Tests.Audit.Verify;

/// <summary>Statements that one key follows another, and what a verifier takes over them.</summary>
[Trait("Promise", "AUD-1")]
public sealed class KeySuccessionTests : IDisposable
{
    private const string GoldenFile = "succession-v1.txt";

    private readonly ECDsa one = New();
    private readonly ECDsa two = New();
    private readonly ECDsa three = New();
    private readonly ECDsa stranger = New();

    public void Dispose()
    {
        foreach (var key in new[] { one, two, three, stranger })
        {
            key.Dispose();
        }
    }

    [Fact]
    public void A_statement_of_version_1_is_read_and_written_as_the_same_bytes()
    {
        var text = GoldenFiles.Text(GoldenFile);
        Assert.True(SuccessionNote.TryParseAll(text, out var notes));
        Assert.Equal([SuccessionReason.Scheduled, SuccessionReason.Compromised], notes.Select(note => note.Succession.Reason));
        Assert.Equal(1_798_365_600_000, notes[0].Succession.FromMilliseconds);
        Assert.Equal(notes[0].Succession.New, notes[1].Succession.Old);
        Assert.Equal(text, string.Concat(notes.Select(note => note.Text)));
        Assert.StartsWith("practicpro/key-succession/v1\n", text, StringComparison.Ordinal);
    }

    /// <summary>How the golden file was made. Runs only when asked for by name, and refuses while there is one.</summary>
    [Fact(Explicit = true)]
    public void Make_the_statements_of_version_1()
    {
        var path = Path.Combine(Path.GetDirectoryName(SourceFile())!, "..", "Golden", GoldenFile);
        Assert.False(File.Exists(path), "There is one. It is never made again.");
        File.WriteAllText(path, Note(one, two).Text + Note(two, three, SuccessionReason.Compromised).Text);
    }

    [Fact]
    public void A_statement_with_any_character_changed_is_none()
    {
        var text = Note(one, two).Text;
        for (var at = 0; at < text.Length; at++)
        {
            var changed = text.ToCharArray();
            changed[at] = changed[at] == 'A' ? 'B' : 'A';
            Assert.False(SuccessionNote.TryParse(new string(changed), out _), $"at {at}");
        }

        Assert.False(SuccessionNote.TryParse(text[..^1], out _));
        Assert.False(SuccessionNote.TryParse(text + "\n", out _));
        Assert.False(SuccessionNote.TryParseAll(text + "x\n", out _));
        Assert.True(SuccessionNote.TryParseAll(text + text, out var twice) && twice.Length == 2);
        Assert.True(SuccessionNote.TryParseAll("", out var none) && none.IsEmpty);
    }

    [Fact]
    public void A_statement_needs_both_signatures_over_its_own_text()
    {
        var forged = Of(one, two, SuccessionReason.Scheduled);
        Assert.False(Signed(forged, stranger, two).IsSigned());
        Assert.False(Signed(forged, one, stranger).IsSigned());
        Assert.False(Signed(forged, two, one).IsSigned());
        Assert.False(new SuccessionNote(forged, Note(one, three).OldSignature, Note(two, three).NewSignature).IsSigned());

        // The same two keys, another reason or moment: the signatures of the first do not carry over.
        var scheduled = Note(one, two);
        Assert.False((scheduled with { Succession = forged with { Reason = SuccessionReason.Compromised } }).IsSigned());
        Assert.False((scheduled with { Succession = forged with { FromMilliseconds = 1 } }).IsSigned());
        Assert.False(SuccessionNote.TryParse(Note(one, one).Text, out _));
    }

    [Theory]
    [InlineData("", "1", "1", nameof(KeyRelation.Same))]
    [InlineData("", "1", "2", nameof(KeyRelation.Unrelated))]
    [InlineData("12", "1", "2", nameof(KeyRelation.Successor))]
    [InlineData("12", "2", "1", nameof(KeyRelation.Predecessor))]
    [InlineData("12 23", "1", "3", nameof(KeyRelation.Successor))]
    [InlineData("23 12", "1", "3", nameof(KeyRelation.Successor))]
    [InlineData("12 23", "3", "1", nameof(KeyRelation.Predecessor))]
    [InlineData("12 23", "2", "1", nameof(KeyRelation.Predecessor))]
    [InlineData("23", "1", "3", nameof(KeyRelation.Unrelated))]
    [InlineData("12", "1", "x", nameof(KeyRelation.Unrelated))]
    [InlineData("12", "x", "2", nameof(KeyRelation.Unrelated))]
    [InlineData("x3", "1", "3", nameof(KeyRelation.Unrelated))]
    [InlineData("12 1x", "1", "2", nameof(KeyRelation.Forked))]
    [InlineData("12 1x", "1", "x", nameof(KeyRelation.Forked))]
    [InlineData("12 x2", "2", "1", nameof(KeyRelation.Forked))]
    [InlineData("12 12", "1", "2", nameof(KeyRelation.Successor))]
    [InlineData("12 21", "1", "x", nameof(KeyRelation.Unrelated))]
    [InlineData("12!", "1", "2", nameof(KeyRelation.WayGivenUp))]
    [InlineData("12!", "2", "1", nameof(KeyRelation.SignerGivenUp))]
    [InlineData("12!", "1", "1", nameof(KeyRelation.SignerGivenUp))]
    [InlineData("12!", "2", "2", nameof(KeyRelation.Same))]
    [InlineData("12 23!", "1", "3", nameof(KeyRelation.WayGivenUp))]
    [InlineData("12 23!", "1", "2", nameof(KeyRelation.SignerGivenUp))]
    [InlineData("12 23!", "3", "1", nameof(KeyRelation.WayGivenUp))]
    [InlineData("12! 23", "2", "3", nameof(KeyRelation.Successor))]
    [InlineData("12! 23", "3", "2", nameof(KeyRelation.Predecessor))]
    [InlineData("12! 23", "3", "1", nameof(KeyRelation.SignerGivenUp))]
    public void A_key_stands_to_the_pinned_one_as_the_statements_say(string links, string pinned, string signer, string expected)
    {
        var lineage = new KeyLineage([.. links.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Link)]);
        Assert.Equal(expected, lineage.Relate(Key(pinned[0]).KeyId, Key(signer[0])).ToString());
    }

    [Fact]
    public void A_verifier_pinned_to_the_old_key_takes_an_export_of_the_new_one_and_the_other_way()
    {
        Assert.Equal(KeyStanding.PinnedBySuccession, Verify(two, pinned: one, Note(one, two)).Key);
        Assert.True(Verify(two, pinned: one, Note(one, two)).IsWhole);
        Assert.True(Verify(three, pinned: one, Note(one, two), Note(two, three)).IsWhole);
        Assert.True(Verify(one, pinned: two, Note(one, two)).IsWhole);

        // An export of before the change has no statement in it: it is given beside.
        var known = new AuditExpectations(Key('2').KeyId, Successions: [Note(one, two)]);
        Assert.True(AuditFolderVerifier.Verify(ExportedFolder.Of(3, one).Open, known, TestContext.Current.CancellationToken).IsWhole);
    }

    [Fact]
    public void Forged_foreign_and_given_up_statements_are_refused_by_name()
    {
        AssertOnly<Defect.WrongKey>(Verify(two, pinned: one));
        AssertOnly<Defect.WrongKey>(Verify(two, pinned: one, Note(stranger, three)));
        AssertOnly<Defect.WrongKey>(Verify(stranger, pinned: one, Note(one, two)));
        AssertOnly<Defect.KeyGivenUp>(Verify(two, pinned: one, Note(one, two, SuccessionReason.Compromised)));
        AssertOnly<Defect.KeyGivenUp>(Verify(one, pinned: two, Note(one, two, SuccessionReason.Compromised)));
        AssertOnly<Defect.KeyGivenUp>(Verify(one, pinned: one, Note(one, two, SuccessionReason.Compromised)));
        AssertOnly<Defect.KeysForked>(Verify(stranger, pinned: one, Note(one, two), Note(one, stranger)));

        var folder = ExportedFolder.Of(3, two);
        folder[AuditFiles.Successions] = Encoding.UTF8.GetBytes(Signed(Of(one, two, SuccessionReason.Scheduled), stranger, two).Text);
        var verdict = folder.Verify(one);
        Assert.Contains(verdict.Defects, defect => defect is Defect.SuccessionsMalformed);
        Assert.False(verdict.IsWhole);
        folder[AuditFiles.Successions] = new byte[SuccessionNote.MaximumFileLength + 5];
        Assert.Contains(folder.Verify(two).Defects, defect => defect is Defect.SuccessionsMalformed);
    }

    private static ECDsa New() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static void AssertOnly<TDefect>(AuditVerdict verdict)
    {
        Assert.IsType<TDefect>(Assert.Single(verdict.Defects), exactMatch: true);
        Assert.False(verdict.IsWhole || verdict.HasIntegrity || verdict.IsComplete);
    }

    private static AuditVerdict Verify(ECDsa signer, ECDsa pinned, params SuccessionNote[] notes)
    {
        var folder = ExportedFolder.Of(3, signer);
        if (notes.Length > 0)
        {
            folder[AuditFiles.Successions] = Encoding.UTF8.GetBytes(string.Concat(notes.Select(note => note.Text)));
        }

        return folder.Verify(pinned);
    }

    private static KeySuccession Of(ECDsa old, ECDsa next, SuccessionReason reason) =>
        new(ExportedFolder.KeyOf(old), ExportedFolder.KeyOf(next), 1_798_365_600_000, reason);

    private static SuccessionNote Note(ECDsa old, ECDsa next, SuccessionReason reason = SuccessionReason.Scheduled) =>
        Signed(Of(old, next, reason), old, next);

    private static SuccessionNote Signed(KeySuccession succession, ECDsa old, ECDsa next)
    {
        var text = Encoding.UTF8.GetBytes(succession.Text);
        return SuccessionNote.Of(
            succession, old.SignData(text, HashAlgorithmName.SHA256), next.SignData(text, HashAlgorithmName.SHA256));
    }

    private static string SourceFile([CallerFilePath] string path = "") => path;

    private SuccessionNote Link(string link) => Note(
        Signer(link[0]), Signer(link[1]), link.EndsWith('!') ? SuccessionReason.Compromised : SuccessionReason.Scheduled);

    private CheckpointKey Key(char name) => ExportedFolder.KeyOf(Signer(name));

    private ECDsa Signer(char name) => name switch
    {
        '1' => one,
        '2' => two,
        '3' => three,
        _ => stranger,
    };
}
