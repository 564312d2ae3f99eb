using System.Collections.Immutable;
using System.Globalization;
using PracticPro.Backup;
using PracticPro.Backup.Drivers.Embedded;
using PracticPro.Backup.Drivers.Folder;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Vault;

namespace PracticPro.Cli.Drill;

/// <summary>
/// The drill on a real backup: copies what is new, restores the newest moment into a temporary folder, compares every
/// practice by hash with the store the backup is of, and looks for what was erased. The store is read only; no server may run
/// on it meanwhile.
/// </summary>
internal static class RealDrill
{
    public static async Task<int> RunAsync(CliCall call, string? from, string source, CancellationToken cancellation)
    {
        if ((from ?? OpenedFolder.Settings(call.Settings).Backup.Folder) is not { Length: > 0 } backup)
        {
            return await call.RefuseAsync("--from names the backup's folder, or Backup:Folder does.", ExitCodes.Usage);
        }

        string[] settings = [.. call.Settings, "--Standalone:Folder", source, "--Backup:Folder", backup];
        var verdict = new DrillVerdict(call.Output);
        var into = Path.Combine(Directory.CreateTempSubdirectory("practicpro-drill-").FullName, "restored");
        try
        {
            await using var live = await OpenedFolder.OpenAsync(settings, cancellation);
            var standing = await live.Of<EmbeddedBackup>().RunAsync(cancellation);
            await verdict.SayAsync(standing.Trouble is null, "The backup is in step", standing.Trouble ?? Text($"{standing.Streams} files"));
            var restore = new RestoreBackup(
                new FolderTarget(backup), new PieceKeys(live.Of<IVault>().KeyEncryption), live.Of<TimeProvider>());
            var outcome = await restore.RunAsync(
                into, null, ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>>.Empty, cancellation);
            if (!outcome.Try(out var result, out var why))
            {
                return await call.RefuseAsync(why);
            }

            await verdict.SayAsync(true, "It restores", Text($"{result.Files} files, {result.Blobs} blobs, {result.Unreadable.Length} unreadable"));
            await CompareAsync(live, into, result, verdict, cancellation);
        }
        catch (BackupDamagedException damage)
        {
            await verdict.SayAsync(false, "The backup is whole", $"{damage.Piece}: {damage.Finding}");
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(into)!, recursive: true);
        }

        return await verdict.EndAsync() ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static async Task CompareAsync(
        OpenedFolder live, string into, RestoreResult result, DrillVerdict verdict, CancellationToken cancellation)
    {
        await using var restored = SqliteStorage.Open(new EmbeddedStorageOptions { Folder = into, Writers = 1 }, TimeProvider.System);
        var source = live.Of<IStorage>();
        await foreach (var tenant in live.Of<IFleet>().TenantsAsync(cancellation))
        {
            if (result.Unreadable.Contains(tenant.Text))
            {
                continue;
            }

            var comparison = await CompareStores.RunAsync(source.For(tenant), restored.For(tenant), cancellation);
            verdict.Restored++;
            verdict.Equal &= comparison.AreEqual;
            verdict.Resurrected += comparison.Resurrected;
            await verdict.SayAsync(comparison.AreEqual, $"{tenant.Text} is the source's, by hash", comparison.AreEqual ? "equal" : "differs");
        }

        await verdict.SayAsync(verdict.Resurrected == 0, "Nothing that was erased is there", Text($"{verdict.Resurrected} resurrected"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
