using PracticPro.Kernel;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Storage.Drivers.Sqlite.Shipping;

namespace PracticPro.Backup.Drivers.Embedded;

/// <summary>
/// Backs up an embedded store in rounds. A round copies what was written to since the last one, file after file, then
/// blobs, and then says in the head what must be there. One at a time; what fails is tried again in the next round.
/// Blocks while it reads and writes: run it where waiting harms nobody.
/// </summary>
internal sealed class EmbeddedBackup(
    SqliteStorage storage, LogKeeping keeping, IBackupTarget target, PieceKeys keys, TimeProvider time, BackupOptions options)
{
    /// <summary>How long a head that says nothing new may stand.</summary>
    private static readonly TimeSpan HeadEvery = TimeSpan.FromSeconds(30);
    private const string Missing = "pieces were taken away from the backup; copying began anew";
    private static readonly TimeSpan SweepEvery = TimeSpan.FromHours(1);

    private readonly Dictionary<string, StreamShipper> shippers = new(StringComparer.Ordinal);
    private readonly HashSet<string> sealedForGood = new(StringComparer.Ordinal);
    private readonly HashSet<string> told = new(StringComparer.Ordinal);
    private BackupHead? head;
    private BackupHead written = BackupHead.Empty;
    private DateTimeOffset sweptAt;

    /// <summary>Carries out a round and tells how the backup stands after it.</summary>
    public async Task<BackupStanding> RunAsync(CancellationToken cancellation)
    {
        var start = time.GetUtcNow();
        string? trouble = null;
        try
        {
            if (head is null)
            {
                // Everything may have been written to by a program before this one.
                var read = await ReadHeadAsync(cancellation);
                TouchAll();
                head = read;
            }

            trouble = await ShipFilesAsync(start, cancellation);
            await ShipBlobsAsync(start, cancellation);
            if (trouble is null || trouble == Missing)
            {
                await WriteHeadAsync(start, cancellation);
                Sweep(start);
            }
        }
        catch (BackupTargetException)
        {
            trouble = "the backup's place cannot be read or written";
        }
        catch (BackupDamagedException damaged)
        {
            trouble = damaged.Finding;
        }

        var until = head?.CoveredUntil() ?? 0;
        return new BackupStanding(
            IsOn: true,
            until == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(until),
            shippers.Count,
            trouble,
            sealedForGood.Count);
    }

    private async Task<BackupHead> ReadHeadAsync(CancellationToken cancellation)
    {
        var found = await new BackupPieces(target, keys).FindAsync(
            PieceName.Head, PieceKeys.Platform, static header => header.Kind == PieceKind.Head, cancellation);
        if (found is not { } outcome)
        {
            return BackupHead.Empty;
        }

        return outcome.Try(out var piece, out _) && BackupHead.TryParse(piece.Content) is { } read
            ? read
            : throw new BackupDamagedException("the head does not open under this platform's key", PieceName.Head);
    }

    private void TouchAll()
    {
        foreach (var name in storage.FileNames())
        {
            keeping.TouchFile(name);
        }

        foreach (var tenant in storage.BlobOwners())
        {
            keeping.TouchBlobs(tenant);
        }
    }

    private async Task<string?> ShipFilesAsync(DateTimeOffset start, CancellationToken cancellation)
    {
        string? trouble = null;
        var touched = keeping.TakeFiles();
        var at = 0;
        try
        {
            for (; at < touched.Count; at++)
            {
                trouble = await ShipFileAsync(touched[at], start, cancellation) ?? trouble;
            }

            return trouble;
        }
        catch
        {
            // The round is over. This file and those behind it are not copied, and the next head must not say that they are.
            foreach (var left in touched.Skip(at))
            {
                keeping.TouchFile(left);
            }

            // Whether its last piece was put may be unclear: the next round learns it from the pieces.
            shippers.Remove(touched[at]);
            throw;
        }
    }

    private async Task<string?> ShipFileAsync(string name, DateTimeOffset start, CancellationToken cancellation)
    {
        if (!shippers.TryGetValue(name, out var shipper))
        {
            shippers.Add(name, shipper = new StreamShipper(target, keys, time, options, name));
        }

        try
        {
            var outcome = await storage.WithFileAsync(
                name, file => file.Exists ? shipper.ShipAsync(file, head!, cancellation) : Absent());
            Note(name, shipper, outcome, start);
        }
        catch (LogBrokenException)
        {
            keeping.TouchFile(name);
            return "a log grew faster than it could be copied";
        }

        // In one round only: copying goes on, and a person was told.
        return shipper.PiecesWereMissing && told.Add(name) ? Missing : null;
    }

    private static Task<Outcome<long>> Absent() => Task.FromResult(new Outcome<long>(long.MaxValue));

    private void Note(string name, StreamShipper shipper, Outcome<long> outcome, DateTimeOffset start)
    {
        if (!outcome.Try(out var covered, out _))
        {
            // Its key is gone, which no round can mend. Files of tenants that are being destroyed are like this.
            sealedForGood.Add(name);
            return;
        }

        sealedForGood.Remove(name);
        var isBehind = covered < start.ToUnixTimeMilliseconds() - 1;
        if (isBehind)
        {
            keeping.TouchFile(name);
        }

        if (shipper.End is { } end)
        {
            head = head!.With(name, entry => entry with
            {
                Chain = end.Name.Chain, Number = end.Name.Number, Hash = end.Hash, Covered = covered, IsBehind = isBehind,
            });
        }
    }

    private async Task ShipBlobsAsync(DateTimeOffset start, CancellationToken cancellation)
    {
        var touched = keeping.TakeBlobs();
        var at = 0;
        try
        {
            for (; at < touched.Count; at++)
            {
                if (TenantId.TryParse(touched[at], out var tenant)
                    && (await new BlobShipper(target, keys, options.Window, storage, tenant)
                        .ShipAsync(start.ToUnixTimeMilliseconds() - 1, cancellation)).Try(out var indexedAt, out _))
                {
                    head = head!.With(tenant.Text, entry => entry with { BlobsAt = indexedAt });
                }
            }
        }
        catch
        {
            foreach (var left in touched.Skip(at))
            {
                keeping.TouchBlobs(left);
            }

            throw;
        }
    }

    /// <summary>Files nobody wrote to are covered up to the round's start: a write would have touched them.</summary>
    private async Task WriteHeadAsync(DateTimeOffset start, CancellationToken cancellation)
    {
        var now = head! with { At = start.ToUnixTimeMilliseconds() - 1 };
        var isNews = !now.Streams.SequenceEqual(written.Streams)
            || now.At - written.At >= (long)HeadEvery.TotalMilliseconds;
        if (!isNews)
        {
            head = now;
            return;
        }

        using var key = (await keys.NewAsync(PieceKeys.Platform, cancellation)).Expect();
        target.Replace(
            PieceName.Head,
            piece => PieceFormat.Write(
                piece,
                key.Header(PieceKind.Head, PieceName.FleetStream, now.At),
                key.Key,
                content => content.Write(now.ToUtf8())));
        (head, written) = (now, now);
    }

    private void Sweep(DateTimeOffset now)
    {
        if (now - sweptAt >= SweepEvery)
        {
            KeepWindow.Run(target, now, options.Window);

            // Quiet files are looked at now and then: their logs are emptied, deleted blobs go when their time has come.
            TouchAll();
            sweptAt = now;
        }
    }
}
