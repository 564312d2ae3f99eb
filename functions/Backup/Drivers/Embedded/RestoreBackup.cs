using System.Collections.Immutable;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Storage.Drivers.Sqlite.Shipping;
using PracticPro.Vault;

namespace PracticPro.Backup.Drivers.Embedded;

/// <summary>What a restore did.</summary>
/// <param name="To">The moment restored to.</param>
/// <param name="ErasedAgain">Documents that were erased after that moment and are erased again.</param>
/// <param name="Absent">Tenants that began after it.</param>
/// <param name="Unreadable">Streams whose key is gone: their backup is unreadable for good.</param>
internal sealed record RestoreResult(
    DateTimeOffset To,
    int Files,
    int Blobs,
    int ErasedAgain,
    ImmutableArray<string> Absent,
    ImmutableArray<string> Unreadable);

/// <summary>
/// Restores a backup to a moment into a folder of its own. All or nothing: whatever is wrong with the backup is found
/// before the folder may be opened, and a restore that does not end leaves one that no store opens. What was erased since
/// the moment is erased again before that, by the newest ledger there is.
/// </summary>
internal sealed class RestoreBackup(IBackupTarget target, PieceKeys keys, TimeProvider time)
{
    private readonly BackupPieces pieces = new(target, keys);

    /// <param name="to">Null: the newest moment that is covered.</param>
    /// <param name="live">Ledgers that know more than the backup: a live store's.</param>
    /// <returns>What was done, or one of <see cref="BackupFailures"/>; then the folder is as it was.</returns>
    /// <exception cref="BackupDamagedException">The backup is not what was written. Nothing is left in the folder.</exception>
    public async Task<Outcome<RestoreResult>> RunAsync(
        string into,
        DateTimeOffset? to,
        ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>> live,
        CancellationToken cancellation)
    {
        if (Directory.Exists(into) && Directory.EnumerateFileSystemEntries(into).Any())
        {
            return new BackupFailures.NotEmpty();
        }

        var read = await ReadHeadAsync(cancellation);
        if (!read.Try(out var head, out var why))
        {
            return why;
        }

        var plans = new Dictionary<string, RestorePlan>(StringComparer.Ordinal);
        foreach (var (stream, entry) in head.Streams.Where(pair => pair.Value.Chain.Length > 0))
        {
            var plan = await RestorePlan.MakeAsync(pieces, stream, head, to?.ToUnixTimeMilliseconds(), cancellation);
            if (!plan.Try(out var made, out why))
            {
                return why;
            }

            plans.Add(stream, made);
        }

        try
        {
            return await BuildAsync(into, to ?? DateTimeOffset.FromUnixTimeMilliseconds(head.At), head, plans, live, cancellation);
        }
        catch (ErasureLedgerDiffersException)
        {
            Directory.Delete(into, recursive: true);
            return new BackupFailures.LedgerDiffers();
        }
        catch
        {
            if (Directory.Exists(into))
            {
                Directory.Delete(into, recursive: true);
            }

            throw;
        }
    }

    /// <summary>The head, or why there is none to be read.</summary>
    public async Task<Outcome<BackupHead>> ReadHeadAsync(CancellationToken cancellation)
    {
        var found = await pieces.FindAsync(
            PieceName.Head, PieceKeys.Platform, static header => header.Kind == PieceKind.Head, cancellation);
        return found is { } outcome
            ? outcome.Then(piece => BackupHead.TryParse(piece.Content)
                ?? throw new BackupDamagedException("the head cannot be read", PieceName.Head))
            : target.List(string.Empty).Count > 0
                ? throw new BackupDamagedException("a piece is missing", PieceName.Head)
                : new BackupFailures.NoBackup();
    }

    private async Task<Outcome<RestoreResult>> BuildAsync(
        string into,
        DateTimeOffset to,
        BackupHead head,
        Dictionary<string, RestorePlan> plans,
        ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>> live,
        CancellationToken cancellation)
    {
        DataFolder.MakeFolder(Path.GetFullPath(into));
        new FileStream(DataFolder.RestoringFile(into), DataFolder.NewFile()).Dispose();
        DataFolder.MakeFolder(Path.Combine(Path.GetFullPath(into), "tenants"));
        FolderSync.Flush(into);
        var (absent, unreadable, ledgers) = (new List<string>(), new List<string>(), new Dictionary<string, ImmutableArray<ErasureEntry>>());
        foreach (var (stream, plan) in plans)
        {
            var path = FileOf(into, stream);
            if (!await ReplayAsync(path, stream, plan.Chain.Count > 0 ? plan.Chain : plan.Newest, plan.Until, cancellation))
            {
                unreadable.Add(stream);
                continue;
            }

            if (plan.Chain.Count == 0)
            {
                File.Delete(path);
                absent.Add(stream);
                continue;
            }

            if (stream != PieceName.FleetStream)
            {
                ledgers.Add(stream, Newer(await NewestLedgerAsync(into, stream, plan, cancellation), live, TenantId.Parse(stream)));
            }
        }

        var (blobs, erased) = await FinishAsync(into, head, plans, unreadable, ledgers, cancellation);
        File.Delete(DataFolder.RestoringFile(into));
        FolderSync.Flush(into);
        return new RestoreResult(
            to, plans.Count - absent.Count - unreadable.Count, blobs, erased, [.. absent], [.. unreadable]);
    }

    /// <summary>Carries out erasures, brings blobs, looks the files through and releases them.</summary>
    private async Task<(int Blobs, int Erased)> FinishAsync(
        string into,
        BackupHead head,
        Dictionary<string, RestorePlan> plans,
        List<string> unreadable,
        Dictionary<string, ImmutableArray<ErasureEntry>> ledgers,
        CancellationToken cancellation)
    {
        await using var storage = Open(into);
        var (blobs, erased) = (0, 0);
        foreach (var (stream, ledger) in ledgers)
        {
            erased += await ReapplyErasures.RunAsync(storage.For(TenantId.Parse(stream)), ledger, cancellation);
        }

        var restoreBlobs = new RestoreBlobs(pieces, storage);
        foreach (var (stream, entry) in head.Streams.Where(pair => pair.Value.BlobsAt > 0 && !unreadable.Contains(pair.Key)))
        {
            var until = plans.TryGetValue(stream, out var plan) ? plan.Until : head.At;
            blobs += await restoreBlobs.RunAsync(TenantId.Parse(stream), entry.BlobsAt, until, cancellation);
        }

        foreach (var name in storage.FileNames())
        {
            await storage.WithFileAsync(name, file => file.BetweenAsync(
                writer => Release(writer, name == LogKeeping.FleetName ? FileLayout.Fleet : FileLayout.Tenant), cancellation));
        }

        return (blobs, erased);
    }

    private static Done Release(Writer writer, FileLayout layout)
    {
        using (var row = writer.Session.Prepare("PRAGMA quick_check(1)"))
        {
            if (!row.Step() || row.Text(0) != "ok")
            {
                throw new StorageCorruptException("a restored file is not in order");
            }
        }

        writer.Session.RunScript(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"PRAGMA application_id = {layout.Mark}"));
        return Done.Value;
    }

    /// <summary>Builds a file from its pieces. False when the stream's key is gone.</summary>
    private async Task<bool> ReplayAsync(
        string path, string stream, IReadOnlyList<PieceName> names, long until, CancellationToken cancellation)
    {
        ReplayedFile? file = null;
        try
        {
            LogPosition at = default;
            foreach (var name in names)
            {
                var opened = await pieces.OpenAsync(name, cancellation);
                if (!opened.Try(out var piece, out var why))
                {
                    return why is VaultFailures.TenantKeyMissing or VaultFailures.TenantKeyVersionUnknown or Failure.Gone
                        ? false
                        : throw new UnexpectedFailureException(why);
                }

                await using var content = piece.Content;
                var goesOn = true;
                BackupPieces.Reading(name.Text, () =>
                {
                    var to = LogPosition.TryParse(piece.Header.To) ?? throw new InvalidDataException();
                    if (file is null)
                    {
                        file = ReplayedFile.Begin(path, content);
                    }
                    else
                    {
                        goesOn = file.Replay(Segment(name, piece.Header, content, at, to), until);
                    }

                    at = to;
                });
                if (!goesOn)
                {
                    break;
                }
            }

            file!.End(stream == PieceName.FleetStream ? FileLayout.Fleet : FileLayout.Tenant);
            return true;
        }
        finally
        {
            file?.Dispose();
        }
    }

    private static LogPiece Segment(PieceName name, PieceHeader header, Stream content, LogPosition at, LogPosition to) =>
        LogPosition.TryParse(header.From) != at
            ? throw new BackupDamagedException("a piece does not go on where the one before it ends", name.Text)
            : SegmentBody.TryRead(content, at, to)
                ?? throw new BackupDamagedException("the transactions in a piece do not follow each other", name.Text);

    /// <summary>The stream's erasures up to its newest piece: from its newest state, made aside and thrown away.</summary>
    private async Task<ImmutableArray<ErasureEntry>> NewestLedgerAsync(
        string into, string stream, RestorePlan plan, CancellationToken cancellation)
    {
        var aside = Path.Combine(Path.GetFullPath(into), "newest");
        DataFolder.MakeFolder(Path.Combine(aside, "tenants"));
        try
        {
            await ReplayAsync(FileOf(aside, stream), stream, plan.Newest, long.MaxValue, cancellation);
            await using var storage = Open(aside);
            return await ErasureLedger.ReadAsync(storage.For(TenantId.Parse(stream)).Logs, 0, cancellation);
        }
        finally
        {
            Directory.Delete(aside, recursive: true);
        }
    }

    private static ImmutableArray<ErasureEntry> Newer(
        ImmutableArray<ErasureEntry> backedUp, ImmutableDictionary<TenantId, ImmutableArray<ErasureEntry>> live, TenantId tenant)
    {
        var known = live.GetValueOrDefault(tenant, []);
        return ReapplyErasures.IsBeginning(known, backedUp)
            ? backedUp
            : ReapplyErasures.IsBeginning(backedUp, known) ? known : throw new ErasureLedgerDiffersException();
    }

    private SqliteStorage Open(string folder) =>
        SqliteStorage.Open(new EmbeddedStorageOptions { Folder = folder, OpenRestored = true, Writers = 1 }, time);

    private static string FileOf(string folder, string stream) => stream == PieceName.FleetStream
        ? Path.Combine(folder, "fleet.db")
        : Path.Combine(folder, "tenants", stream + ".db");
}
