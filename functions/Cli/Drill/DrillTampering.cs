using System.Collections.Immutable;
using System.Globalization;
using PracticPro.Backup;
using PracticPro.Backup.Drivers.Embedded;
using PracticPro.Backup.Drivers.Folder;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers;
using PracticPro.Storage.Drivers.Sqlite;

namespace PracticPro.Cli.Drill;

/// <summary>Tampers with copies of a backup, each in one way, and looks whether the restore refuses and says where.</summary>
internal sealed class DrillTampering(string work, PieceKeys keys, DrillVerdict verdict)
{
    private int copies;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var backup = DrillStore.BackupOf(work);
        var segments = Segments(backup);
        var middle = segments[segments.Count / 2];

        // The killed program may have got further with one practice than with the other: the place is one that both have.
        var both = segments.Where(name => File.Exists(OfTheOther(Path.Combine(backup, name)))).ToList();
        await FoundAsync("A flipped byte in a segment", middle, file => Flip(file), cancellation);
        await FoundAsync("A flipped byte in a base", segments[0], file => Flip(file), cancellation);
        await FoundAsync("A segment that was taken out", middle, File.Delete, cancellation);
        await FoundAsync("The last segment cut away", segments[^1], File.Delete, cancellation);
        await FoundAsync("A segment cut short", middle, file => Cut(file), cancellation);
        await FoundAsync("Two segments that changed places", middle, file => Swap(file, Neighbour(file)), cancellation);
        await FoundAsync(
            "A segment of another practice",
            both[both.Count / 2],
            file => File.Copy(OfTheOther(file), file, overwrite: true),
            cancellation);
        await FoundAsync("The head taken away", "head", File.Delete, cancellation);
        await RefusedAsync(cancellation);
    }

    private async Task FoundAsync(string way, string piece, Action<string> tamper, CancellationToken cancellation)
    {
        verdict.TamperTried++;
        var copy = Path.Combine(work, string.Create(CultureInfo.InvariantCulture, $"tampered-{++copies}"));
        Copy(DrillStore.BackupOf(work), copy);
        tamper(Path.Combine(copy, piece));
        try
        {
            await RestoreAsync(copy, Path.Combine(copy, "into"), cancellation);
            await verdict.SayAsync(false, $"{way} is found", "restored all the same");
        }
        catch (BackupDamagedException damage)
        {
            verdict.TamperFound++;
            await verdict.SayAsync(!Directory.Exists(Path.Combine(copy, "into")), $"{way} is found", $"{damage.Piece}: {damage.Finding}");
        }

        Directory.Delete(copy, recursive: true);
    }

    /// <summary>A folder with something in it, and a restore that did not end.</summary>
    private async Task RefusedAsync(CancellationToken cancellation)
    {
        var into = Path.Combine(work, "refused");
        (await RestoreAsync(DrillStore.BackupOf(work), into, cancellation)).Expect();
        var again = await RestoreAsync(DrillStore.BackupOf(work), into, cancellation);
        await verdict.SayAsync(
            again.Failure is BackupFailures.NotEmpty, "A folder that is not empty is refused", again.Failure?.Code ?? "restored");
        await File.WriteAllBytesAsync(DataFolder.RestoringFile(into), [], cancellation);
        try
        {
            await SqliteStorage.Open(new EmbeddedStorageOptions { Folder = into }, TimeProvider.System).DisposeAsync();
            await verdict.SayAsync(false, "A restore that did not end is opened by no store", "opened");
        }
        catch (StorageNotReleasedException)
        {
            await verdict.SayAsync(true, "A restore that did not end is opened by no store", "refused");
        }
    }

    private Task<Outcome<RestoreResult>> RestoreAsync(string backup, string into, CancellationToken cancellation) =>
        new RestoreBackup(new FolderTarget(backup), keys, TimeProvider.System).RunAsync(
            into, null, ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>>.Empty, cancellation);

    private static List<string> Segments(string backup) =>
    [
        .. new FolderTarget(backup).List(DrillStore.Tenants[0].Text + "/").Where(name => PieceName.TryParse(name) is not null),
    ];

    private static void Flip(string file)
    {
        using var bytes = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        bytes.Position = bytes.Length / 2;
        var found = bytes.ReadByte();
        bytes.Position--;
        bytes.WriteByte((byte)(found ^ 1));
    }

    private static void Cut(string file)
    {
        using var bytes = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        bytes.SetLength(bytes.Length - 40);
    }

    /// <summary>The other practice's piece of the same chain and number. Folders above the two may be called anything.</summary>
    private static string OfTheOther(string file)
    {
        var chain = Path.GetDirectoryName(file)!;
        var backup = Path.GetDirectoryName(Path.GetDirectoryName(chain)!)!;
        return Path.Combine(backup, DrillStore.Tenants[1].Text, Path.GetFileName(chain), Path.GetFileName(file));
    }

    private static string Neighbour(string file)
    {
        var number = int.Parse(Path.GetFileName(file), CultureInfo.InvariantCulture);
        return Path.Combine(Path.GetDirectoryName(file)!, (number - 1).ToString("D8", CultureInfo.InvariantCulture));
    }

    private static void Swap(string one, string two)
    {
        File.Move(one, one + ".aside");
        File.Move(two, one);
        File.Move(one + ".aside", two);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var place = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Copy(file, place);
        }
    }
}
