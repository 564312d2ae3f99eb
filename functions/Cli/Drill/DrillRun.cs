using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PracticPro.Backup;
using PracticPro.Backup.Drivers.Embedded;
using PracticPro.Backup.Drivers.Folder;
using PracticPro.Cli.Demo;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.Sqlite;

namespace PracticPro.Cli.Drill;

/// <summary>
/// The whole drill on a store of its own: a second process writes while it is backed up, is killed, and every moment at
/// which it stood still is restored and compared; then the program starts again, and then the backup is tampered with.
/// </summary>
internal sealed class DrillRun(string work, int marksWanted, DrillVerdict verdict)
{
    private static readonly TimeSpan WriterPatience = TimeSpan.FromMinutes(2);

    private static readonly ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>> NoLedgers =
        ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>>.Empty;

    private readonly List<DrillMark> marks = [];
    private int restores;

    public async Task RunAsync(CancellationToken cancellation)
    {
        await WriteAndKillAsync(cancellation);
        using var vault = await DrillStore.VaultAsync(work, cancellation);
        var keys = new PieceKeys(vault.KeyEncryption);
        var covered = await new RestoreBackup(new FolderTarget(DrillStore.BackupOf(work)), keys, TimeProvider.System)
            .ReadHeadAsync(cancellation);
        var head = covered.Expect();
        await CompareMarksAsync(
            keys,
            "as the kill left it",
            marks.Where(mark => mark.At <= head.At),
            await NewestLedgersAsync(keys, cancellation),
            cancellation);
        var (digest, ledgers) = await StartAgainAsync(cancellation);
        await CompareMarksAsync(keys, "after a start", marks, ledgers, cancellation);
        await CompareNewestAsync(keys, digest, ledgers, cancellation);
        await new DrillTampering(work, keys, verdict).RunAsync(cancellation);
    }

    private async Task WriteAndKillAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(DemoProgram.Dotnet)
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "PracticPro.dll"), "restore-drill", "--write", work },
            RedirectStandardOutput = true,
        };
        using var writer = Process.Start(start) ?? throw new InvalidOperationException("The writer did not start.");
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(WriterPatience);
            while (marks.Count < marksWanted && await writer.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                marks.Add(JsonSerializer.Deserialize<DrillMark>(line, JsonShapes.Stored)!);
            }
        }
        finally
        {
            // SIGKILL, in the middle of whatever it does.
            writer.Kill();
            await writer.WaitForExitAsync(CancellationToken.None);
        }

        verdict.Commits = marks.Count > 0 ? marks[^1].Commits : 0;
        verdict.Erased = marks.Count > 0 ? marks[^1].Erased : 0;
        await verdict.SayAsync(
            marks.Count == marksWanted && verdict.Erased > 0,
            "A second process writes under backup and is killed",
            Text($"{verdict.Commits} commits, {verdict.Erased} erased, {marks.Count} moments"));
    }

    private async Task CompareMarksAsync(
        PieceKeys keys,
        string when,
        IEnumerable<DrillMark> chosen,
        ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>> ledgers,
        CancellationToken cancellation)
    {
        var (compared, equal, resurrected, again) = (0, 0, 0, 0);
        foreach (var mark in chosen)
        {
            await using var restored = await RestoreAsync(keys, DateTimeOffset.FromUnixTimeMilliseconds(mark.At), NoLedgers, cancellation);
            compared++;
            again += restored.Result.ErasedAgain;

            // Where something was erased since, the rest must be equal; where nothing was, everything.
            var isEqual = restored.Result.ErasedAgain > 0
                ? mark.LastingDigest == await DrillStore.DigestAsync(restored.Storage, withErasable: false, cancellation)
                : mark.Digest == await DrillStore.DigestAsync(restored.Storage, withErasable: true, cancellation);
            equal += isEqual ? 1 : 0;
            resurrected += await PresentAsync(restored.Storage, ledgers, cancellation);
        }

        verdict.Restored += compared;
        verdict.Resurrected += resurrected;
        verdict.Equal &= compared == equal;
        await verdict.SayAsync(
            compared > 0 && compared == equal, $"Restored moments are the source's, by hash, {when}", Text($"{equal} of {compared} equal"));
        await verdict.SayAsync(
            resurrected == 0, "What was erased since is erased again", Text($"{again} erased again, {resurrected} resurrected"));
    }

    /// <summary>The program starts on the killed store: what it had not copied is copied.</summary>
    private async Task<(string Digest, ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>> Ledgers)> StartAgainAsync(
        CancellationToken cancellation)
    {
        await using var store = await DrillStore.OpenAsync(work, cancellation);
        var standing = await store.Backup.RunAsync(cancellation);
        await verdict.SayAsync(
            standing.Trouble is null, "The killed program starts again and the backup goes on", standing.Trouble ?? Text($"{standing.Streams} files"));
        return (
            await DrillStore.DigestAsync(store.Storage, withErasable: true, cancellation),
            await LedgersAsync(store.Storage, cancellation));
    }

    /// <summary>What the backup's own newest state knows to be erased: not asked of the restores that are looked at.</summary>
    private async Task<ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>>> NewestLedgersAsync(
        PieceKeys keys, CancellationToken cancellation)
    {
        await using var newest = await RestoreAsync(keys, null, NoLedgers, cancellation);
        return await LedgersAsync(newest.Storage, cancellation);
    }

    private static async Task<ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>>> LedgersAsync(
        SqliteStorage storage, CancellationToken cancellation)
    {
        var ledgers = NoLedgers;
        foreach (var tenant in DrillStore.Tenants)
        {
            ledgers = ledgers.Add(tenant, await ErasureLedger.ReadAsync(storage.For(tenant).Logs, 0, cancellation));
        }

        return ledgers;
    }

    private async Task CompareNewestAsync(
        PieceKeys keys,
        string digest,
        ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>> ledgers,
        CancellationToken cancellation)
    {
        await using (var newest = await RestoreAsync(keys, null, NoLedgers, cancellation))
        {
            var isEqual = digest == await DrillStore.DigestAsync(newest.Storage, withErasable: true, cancellation);
            verdict.Restored++;
            verdict.Equal &= isEqual;
            await verdict.SayAsync(isEqual, "The newest state is the source's, everything, no commit lost", isEqual ? "equal" : "differs");
        }

        // As on Azure: the restored store is old, the live one still has its ledger.
        await using var old = await RestoreAsync(keys, DateTimeOffset.FromUnixTimeMilliseconds(marks[0].At), ledgers, cancellation);
        var present = await PresentAsync(old.Storage, ledgers, cancellation);
        verdict.Resurrected += present;
        await verdict.SayAsync(present == 0, "The live store's ledger is carried out as well", Text($"{present} resurrected"));
    }

    private async Task<Restored> RestoreAsync(
        PieceKeys keys,
        DateTimeOffset? to,
        ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>> live,
        CancellationToken cancellation)
    {
        var into = Path.Combine(work, Text($"restored-{++restores}"));
        var restore = new RestoreBackup(new FolderTarget(DrillStore.BackupOf(work)), keys, TimeProvider.System);
        var result = (await restore.RunAsync(into, to, live, cancellation)).Expect();
        return new Restored(SqliteStorage.Open(new EmbeddedStorageOptions { Folder = into, Writers = 1 }, TimeProvider.System), result, into);
    }

    /// <summary>Documents the ledgers say are erased that are there all the same. The drill writes none of them anew.</summary>
    private static async Task<int> PresentAsync(
        SqliteStorage storage,
        ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>> ledgers,
        CancellationToken cancellation)
    {
        var present = 0;
        foreach (var (tenant, ledger) in ledgers)
        {
            present += await ReapplyErasures.CountPresentAsync(storage.For(tenant), ledger, cancellation);
        }

        return present;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Restored(SqliteStorage Storage, RestoreResult Result, string Folder) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Storage.DisposeAsync();
            Directory.Delete(Folder, recursive: true);
        }
    }
}
