using System.Text.Json;
using PracticPro.Backup;
using PracticPro.Cli.Drill;
using PracticPro.Storage;

namespace PracticPro.Tests.Backup;

/// <summary>The part of the drill that tampers with copies of a backup, on a backup that was made in an orderly way.</summary>
[Trait("Promise", "OPS-1")]
public sealed class DrillTamperingTests
{
    private static readonly DocumentKind Notes = DocumentKind.Of("notes");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("work")]
    [InlineData("drill-a")]
    [InlineData("practicpro-drill-arm")]
    public async Task Every_way_of_tampering_is_found_whatever_the_folder_is_called(string name)
    {
        var folder = Directory.CreateTempSubdirectory("tampering-");
        var work = Path.Combine(folder.FullName, name);
        await BackedUpAsync(work, rounds: 4);
        using var vault = await DrillStore.VaultAsync(work, Cancellation);
        using var output = new StringWriter();
        var verdict = new DrillVerdict(output);

        await new DrillTampering(work, new PieceKeys(vault.KeyEncryption), verdict).RunAsync(Cancellation);

        Assert.True(verdict.Holds, output.ToString());
        Assert.Equal((8, 8), (verdict.TamperTried, verdict.TamperFound));
        folder.Delete(recursive: true);
    }

    private static async Task BackedUpAsync(string work, int rounds)
    {
        await using var store = await DrillStore.OpenAsync(work, Cancellation);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var tenant in DrillStore.Tenants)
            {
                var note = new Document(Notes.Key($"note-{round}"), JsonSerializer.SerializeToUtf8Bytes(round));
                await store.Storage.For(tenant).Documents.CommitAsync(
                    new Batch([new Operation.Put(note, Condition.Absent)]), Cancellation);
            }

            Assert.Null((await store.Backup.RunAsync(Cancellation)).Trouble);
        }
    }
}
