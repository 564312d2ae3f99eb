using System.Runtime.CompilerServices;
using PracticPro.Audit;
using PracticPro.Audit.Verify;
using PracticPro.Cli;

namespace PracticPro.Tests.Audit;

/// <summary>
/// A whole log as version 1 exported it. It must verify as long as there is a verifier; it is never made again.
/// </summary>
public sealed class GoldenFolderTests
{
    private const string KeyIdFile = "v1-folder.key-id";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "AUD-1")]
    public async Task A_log_exported_by_version_1_is_whole()
    {
        using var output = new StringWriter();
        var folder = Path.Combine(GoldenFiles.Folder, "v1-folder");
        var pin = GoldenFiles.Text(KeyIdFile).TrimEnd();
        Assert.Equal(VerifyAuditVerb.Whole, await VerifyAuditVerb.RunAsync(folder, pin, output, Cancellation));
        Assert.Contains("Entries: 30.", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("4 logged, 3 disclosed", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_leaf_of_version_1_is_read_and_written_as_the_same_bytes()
    {
        var leaves = GoldenFiles.Text("v1-folder/leaves.jsonl").TrimEnd('\n').Split('\n');
        Assert.Equal(30, leaves.Length);
        Assert.All(leaves, line =>
        {
            Assert.True(AuditLeafReader.TryRead(System.Text.Encoding.UTF8.GetBytes(line), out var leaf));
            Assert.Equal(line, System.Text.Encoding.UTF8.GetString(leaf.ToUtf8()));
        });
    }

    /// <summary>
    /// How the folder was made. Runs only when asked for by name, and refuses while there is one:
    /// <c>PracticPro.Tests -explicit only -method "*.Make_the_folder_of_version_1"</c>.
    /// </summary>
    [Fact(Explicit = true)]
    public async Task Make_the_folder_of_version_1()
    {
        var golden = Path.Combine(Path.GetDirectoryName(SourceFile())!, "Golden");
        var folder = Path.Combine(golden, "v1-folder");
        Assert.False(Directory.Exists(folder), "There is one. It is never made again.");
        using var audit = await AuditFixture.MakeAsync();
        foreach (var act in AuditAct.All.Where(act => act != AuditAct.AuditExported && act != AuditAct.AuditValuesErased))
        {
            await audit.LogAsync(new AuditEntry(AuditFixture.Sync, act) { Counts = [new("number", act.Word.Length)] });
            audit.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await audit.LogAsync(
            AuditFixture.Sent("Åda \"Countess\" Example\n"),
            AuditFixture.Sent("Grace Example") with { About = new AuditSubject("contact", "contact-2") },
            AuditFixture.Sent("Ida Example") with
            {
                About = new AuditSubject("contact", "contact-2"),
                Values = [new("recipient", "ida@example.org"), new("title", "Tomorrow at nine 🕘")],
            });
        var erasure = new EraseAuditValues(audit.Storage, audit.Keys, audit.Clock);
        await erasure.ExecuteAsync(AuditFixture.Sync, AuditFixture.Contact, Cancellation);
        await audit.LogAsync(AuditFixture.Sent("Eda Example") with { Values = [] });
        (await audit.Export.ExecuteAsync(folder, AuditFixture.Sync, AuditDisclosure.WithValues, Cancellation)).Expect();
        var keyId = TakeCheckpoint.KeyOf(audit.Signer).KeyId;
        await File.WriteAllTextAsync(Path.Combine(golden, KeyIdFile), keyId + "\n", Cancellation);
    }

    private static string SourceFile([CallerFilePath] string path = "") => path;
}
