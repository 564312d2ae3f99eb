using System.Globalization;
using System.IO.Compression;
using PracticPro.Kernel;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Storage.Drivers.Sqlite.Shipping;

namespace PracticPro.Backup.Drivers.Embedded;

/// <summary>
/// Copies one file: what its log holds beyond the newest piece becomes the next segment, and now and then the whole file
/// a new base. What was copied is learnt from the backup itself, so a program that was killed anywhere goes on where the
/// pieces end. One at a time a file.
/// </summary>
internal sealed class StreamShipper(
    IBackupTarget target, PieceKeys keys, TimeProvider time, BackupOptions options, string stream)
{
    /// <summary>A log of this length is emptied into its file, when all of it is copied.</summary>
    private const long EmptyAtBytes = 8 << 20;

    /// <summary>A log nobody wrote to for so long is emptied when it is next looked at, hourly.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly BackupPieces pieces = new(target, keys);
    private ChainEnd? end;
    private bool learnt;
    private long coveredBefore;

    /// <summary>The head named a piece that was gone when copying began.</summary>
    public bool PiecesWereMissing { get; private set; }

    /// <summary>The newest piece, once something was copied.</summary>
    public ChainEnd? End => end;

    /// <summary>Copies what is new.</summary>
    /// <param name="known">What the head says; a piece it names that is gone since means a new chain.</param>
    /// <returns>A moment up to which everything is copied (Unix milliseconds), or why nothing can be sealed.</returns>
    /// <exception cref="BackupTargetException">The backup cannot be written now.</exception>
    public async Task<Outcome<long>> ShipAsync(SqliteFile file, BackupHead known, CancellationToken cancellation)
    {
        // Opens the file for writing, so that what an earlier program left in its log is known.
        await file.BetweenAsync(_ => file.Log!.CatchUp(), cancellation);
        Learn(known.Streams.GetValueOrDefault(stream, BackupHead.Entry.None));

        // What pieces that were taken away had covered is covered by nothing now, in every round until a new chain begins.
        coveredBefore = known.Streams.ContainsKey(stream) && end is not { At: null } ? known.CoveredOf(stream) : 0;
        try
        {
            if (end is not null)
            {
                var covered = await ShipAllAsync(file.Log!, cancellation);
                if (!covered.Succeeded || !IsSnapshotDue(end))
                {
                    if (covered.Succeeded && IsToBeEmptied(file.Log!))
                    {
                        await EmptyAsync(file, cancellation);
                    }

                    return covered;
                }
            }
        }
        catch (LogBrokenException)
        {
            return await BeginChainAsync(file, continues: false, cancellation);
        }

        return await BeginChainAsync(file, continues: end is not null, cancellation);
    }

    /// <summary>Learns from the pieces where copying stopped. A stream whose newest pieces are gone begins anew.</summary>
    private void Learn(BackupHead.Entry known)
    {
        if (learnt)
        {
            return;
        }

        PieceName? last = pieces.Of(stream) is { Count: > 0 } names ? names[^1] : null;
        var named = new PieceName(stream, known.Chain, known.Number);
        if (known.Chain.Length > 0 && (last is null || string.CompareOrdinal(last.Value.Text, named.Text) < 0))
        {
            // Somebody took away what was there. Nothing can follow it; a new chain begins, and the gap is said.
            PiecesWereMissing = true;
            end = new ChainEnd(named, known.Hash, At: null, LastCommit: 0, BaseMadeAt: 0);
        }
        else if (last is { } name)
        {
            var header = pieces.Header(name);
            end = new ChainEnd(
                name,
                pieces.Hash(name),
                LogPosition.TryParse(header.To),
                header.LastCommit,
                pieces.Header(name with { Number = 0 }).At);
        }

        learnt = true;
    }

    // A chain of nothing but its base needs no other: the file is still what it was.
    private bool IsSnapshotDue(ChainEnd now) =>
        now.At is null
        || (now.Name.Number > 0 && Now() - now.BaseMadeAt >= (long)options.SnapshotEvery.TotalMilliseconds);

    // When it is long; and when nobody has written for a while, so that what was erased does not stay in it.
    private bool IsToBeEmptied(KeptLog log) =>
        log.LogBytes > EmptyAtBytes
        || (log.LogBytes > 0 && Now() - end!.LastCommit >= (long)Quiet.TotalMilliseconds);

    private async Task<Outcome<long>> ShipAllAsync(KeptLog log, CancellationToken cancellation)
    {
        while (true)
        {
            var asOf = log.AsOf();
            if (log.ReadAfter(end!.At ?? throw new LogBrokenException()) is not { } piece)
            {
                return asOf;
            }

            var sealing = await keys.NewAsync(PieceName.OwnerOf(stream), cancellation);
            if (!sealing.Try(out var key, out var why))
            {
                return why;
            }

            using (key)
            {
                Ship(piece, key);
            }
        }
    }

    private void Ship(LogPiece piece, PieceKey key)
    {
        var ordered = piece with { Commits = InOrder(piece.Commits, end!.LastCommit) };
        var name = end.Name with { Number = end.Name.Number + 1 };
        var header = key.Header(PieceKind.Segment, stream, Now()) with
        {
            Chain = name.Chain,
            Number = name.Number,
            Follows = end.Hash,
            From = piece.From.ToString(),
            To = piece.To.ToString(),
            LastCommit = ordered.Commits[^1].At,
        };
        end = end with
        {
            Name = name,
            Hash = Put(name, header, key, content => SegmentBody.Write(content, ordered)),
            At = piece.To,
            LastCommit = header.LastCommit,
        };
    }

    /// <summary>Empties the log once the little that came in meanwhile is copied, while writes wait.</summary>
    private async Task<bool> EmptyAsync(SqliteFile file, CancellationToken cancellation)
    {
        var sealing = await keys.NewAsync(PieceName.OwnerOf(stream), cancellation);
        if (!sealing.Try(out var key, out _))
        {
            return false;
        }

        using (key)
        {
            return await file.BetweenAsync(
                writer =>
                {
                    if (file.Log!.ReadAfter(end!.At!.Value) is { } rest)
                    {
                        Ship(rest, key);
                    }

                    return file.Log.ReadAfter(end!.At!.Value) is null && file.Log.TryEmpty(writer);
                },
                cancellation);
        }
    }

    /// <summary>
    /// Copies the whole file. The log is emptied into it first; from then on the file does not change until the next
    /// emptying, which is this one's to ask for, so it is read beside the writer.
    /// </summary>
    private async Task<Outcome<long>> BeginChainAsync(SqliteFile file, bool continues, CancellationToken cancellation)
    {
        var log = file.Log!;
        if (end is null && log.FileState() is var (born, moment))
        {
            // The first base of all is the file as it was made, so that its first commit is a moment as every other.
            return await BeginAsync(file, born, moment, null, cancellation);
        }

        var emptied = continues
            ? await EmptyAsync(file, cancellation)
            : await file.BetweenAsync(log.TryEmpty, cancellation);
        var asOf = log.AsOf();
        if (!emptied)
        {
            // A reader was in the way. Nothing is lost; the next round asks again.
            return end is { } before ? before.LastCommit : 0;
        }

        var continued = end?.At is null || !continues ? null : end;
        var lastCommit = continued?.LastCommit ?? Math.Max(end?.LastCommit ?? 0, log.LastCommit > 0 ? log.LastCommit : asOf);
        return await BeginAsync(
            file, continued?.At ?? log.EmptiedAt ?? throw new LogBrokenException(), lastCommit, continued, cancellation);
    }

    private async Task<Outcome<long>> BeginAsync(
        SqliteFile file, LogPosition at, long lastCommit, ChainEnd? continued, CancellationToken cancellation)
    {
        var sealing = await keys.NewAsync(PieceName.OwnerOf(stream), cancellation);
        if (!sealing.Try(out var key, out var why))
        {
            return why;
        }

        using (key)
        {
            Begin(file, key, at, lastCommit, continued);
        }

        return await ShipAllAsync(file.Log!, cancellation);
    }

    private void Begin(SqliteFile file, PieceKey key, LogPosition position, long lastCommit, ChainEnd? continued)
    {
        var log = file.Log!;
        var name = new PieceName(
            stream, PieceName.ChainOf(end is null ? 1 : int.Parse(end.Name.Chain, CultureInfo.InvariantCulture) + 1), 0);
        var header = key.Header(PieceKind.Base, stream, Now()) with
        {
            Chain = name.Chain,
            Follows = end?.Hash,
            Continues = continued is not null,
            CoveredBefore = coveredBefore,
            To = position.ToString(),
            LastCommit = lastCommit,
        };
        var breaks = log.Breaks;
        var hash = Put(name, header, key, content =>
        {
            using var packed = new ZLibStream(content, CompressionLevel.Fastest, leaveOpen: true);
            using var source = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            source.CopyTo(packed);
        });
        if (log.Breaks != breaks)
        {
            // The log grew too long meanwhile and went into the file that was being read.
            target.Delete(name.Text);
            throw new LogBrokenException();
        }

        end = new ChainEnd(name, hash, position, lastCommit, header.At);
    }

    // Moments never go back in a stream, across programs and their clocks.
    private static List<LogCommit> InOrder(IReadOnlyList<LogCommit> commits, long last) =>
        [.. commits.Select(commit => commit with { At = Math.Max(last, commit.At) })];

    private string Put(PieceName name, PieceHeader header, PieceKey key, Action<Stream> content)
    {
        var hash = string.Empty;
        target.Put(name.Text, piece => hash = PieceFormat.Write(piece, header, key.Key, content));
        return hash;
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}

/// <summary>Where the copying of a stream stands.</summary>
/// <param name="At">The place in the file's history; null when pieces are missing, so that nothing can follow.</param>
/// <param name="BaseMadeAt">When the chain's base was made, in Unix milliseconds.</param>
internal sealed record ChainEnd(PieceName Name, string Hash, LogPosition? At, long LastCommit, long BaseMadeAt);
