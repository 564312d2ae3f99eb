using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Sqlite.Shipping;

/// <summary>
/// One file's write-ahead log, kept until it is copied. SQLite's own checkpoints are off; the log is emptied here only,
/// when whoever copies it says that it has all of it, so what is committed is in the log or in a copy at every moment.
/// <list type="bullet">
/// <item>After each commit the new frames are read again and their checksums followed: only what is acknowledged counts,
/// not the remains of a transaction that was taken back.</item>
/// <item>Copying reads the log beside the writer. Frames behind the last commit do not change until the log is emptied,
/// and emptying is asked for by the one who copies.</item>
/// </list>
/// Members marked "on the lane" run on the file's write thread, between transactions.
/// </summary>
internal sealed class KeptLog(string path, string name, LogKeeping keeping, TimeProvider time) : IDisposable
{
    /// <summary>A piece ends with the first transaction that brings it here.</summary>
    private const int PieceBytes = 8 << 20;

    private readonly Lock gate = new();
    private readonly CommitMoments moments = new(path + "-moments");
    private SafeFileHandle? log;

    // Under the gate. Commits are those of the log's present life, in order.
    private WalHeader? header;
    private LogPosition at;
    private LogPosition? emptiedAt;
    private List<LogCommit> commits = [];
    private long lastMoment;

    // A commit could not be followed: the log is read again before it is copied.
    private bool isBehind;

    /// <summary>How often the log had to be emptied though nobody had copied it.</summary>
    public int Breaks { get; private set; }

    /// <summary>
    /// A moment, in Unix milliseconds: every commit up to it is found by reading from now on, and none that comes later
    /// is given it or an earlier one.
    /// </summary>
    public long AsOf()
    {
        lock (gate)
        {
            return Math.Max(lastMoment, time.GetUtcNow().ToUnixTimeMilliseconds()) - 1;
        }
    }

    /// <summary>Where the log stood when it was last emptied; null when that is not known.</summary>
    public LogPosition? EmptiedAt
    {
        get
        {
            lock (gate)
            {
                return emptiedAt;
            }
        }
    }

    /// <summary>
    /// What the file itself holds, without its log: the place it stands at, and a moment after all that is in it and before
    /// all that is in the log. Null when the log was not emptied into it since it was last written to, or that is unknown.
    /// </summary>
    public (LogPosition At, long Moment)? FileState()
    {
        lock (gate)
        {
            if (emptiedAt is not { } place || (header is not null && at.Frame > 0 && header.Start.IsInLogOf(place)))
            {
                return null;
            }

            return (place, commits.Count > 0 ? commits[0].At - 1 : Math.Max(lastMoment, time.GetUtcNow().ToUnixTimeMilliseconds()));
        }
    }

    /// <summary>When the last commit that is known became durable, in Unix milliseconds; 0 when none is known.</summary>
    public long LastCommit
    {
        get
        {
            lock (gate)
            {
                return lastMoment;
            }
        }
    }

    public long LogBytes => new FileInfo(path + "-wal") is { Exists: true } file ? file.Length : 0;

    /// <summary>On the lane, when the file was opened: finds what an earlier program left in the log.</summary>
    public void Opened()
    {
        lock (gate)
        {
            emptiedAt = EmptiedMark.Read(path);
            (header, commits) = (null, []);
            Follow(recovering: true);
            keeping.TouchFile(name);
        }
    }

    /// <summary>
    /// On the lane, after a commit. The commit is on the disk and its caller will be told so, whatever goes wrong here.
    /// </summary>
    public void Committed(Writer writer)
    {
        // Touched before and after: whoever takes the name in between looks again.
        keeping.TouchFile(name);
        try
        {
            lock (gate)
            {
                isBehind = true;
                var isNews = Follow(recovering: false);
                isBehind = false;
                if (!isNews)
                {
                    return;
                }
            }

            keeping.TouchFile(name);
            if (LogBytes > keeping.LargestLogBytes)
            {
                GiveUp(writer);
            }
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or SqliteException)
        {
            // Trouble that lasts is met, and told, by whoever copies.
            keeping.TouchFile(name);
        }
    }

    /// <summary>On the lane: follows commits that could not be followed when they were made.</summary>
    public Done CatchUp()
    {
        lock (gate)
        {
            if (isBehind)
            {
                Follow(recovering: false);
                isBehind = false;
            }

            return Done.Value;
        }
    }

    /// <summary>
    /// The transactions that follow a position, some of them when they are many; null when there are none.
    /// </summary>
    /// <exception cref="LogBrokenException">What follows cannot be told from here any more.</exception>
    public LogPiece? ReadAfter(LogPosition copied)
    {
        WalHeader known;
        LogPosition from, until;
        List<LogCommit> following;
        lock (gate)
        {
            if (header is null || (!header.Start.IsInLogOf(copied) && at.Frame == 0))
            {
                return copied == emptiedAt ? null : throw new LogBrokenException();
            }

            var here = header.Start.IsInLogOf(copied);
            if (!here && copied != emptiedAt)
            {
                throw new LogBrokenException();
            }

            (known, from, until) = (header, here ? copied : header.Start, at);
            if (from.Frame > until.Frame || (from.Frame == until.Frame && from != until))
            {
                throw new LogBrokenException();
            }

            following = [.. commits.Where(commit => commit.Frame > from.Frame)];
        }

        return following.Count == 0 ? null : Read(known, copied, from, Fitting(known, from, following));
    }

    /// <summary>
    /// On the lane: moves the log into the file and empties it. False when a reader is in the way; then nothing is lost and
    /// it can be asked again. Only when all of the log was copied.
    /// </summary>
    public bool TryEmpty(Writer writer)
    {
        lock (gate)
        {
            if (header is not null && at.Frame > 0)
            {
                EmptiedMark.Write(path, at);
                emptiedAt = at;
            }
            else if (emptiedAt is null)
            {
                // An empty log of unknown past. What follows goes on from a place of our own naming.
                var made = LogPosition.Made();
                EmptiedMark.Write(path, made);
                emptiedAt = made;
            }
        }

        return Checkpoint(writer);
    }

    public void Dispose()
    {
        log?.Dispose();
        moments.Dispose();
    }

    private static List<LogCommit> Fitting(WalHeader known, LogPosition from, List<LogCommit> following)
    {
        var fit = following.FindIndex(commit => (commit.Frame - from.Frame) * (long)known.FrameBytes >= PieceBytes);
        return fit < 0 ? following : following[..(fit + 1)];
    }

    private LogPiece Read(WalHeader known, LogPosition copied, LogPosition from, List<LogCommit> taken)
    {
        var bytes = new byte[(taken[^1].Frame - from.Frame) * (long)known.FrameBytes];
        using var source = File.OpenHandle(path + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var read = ReadFully(source, bytes, known.OffsetOf(from.Frame + 1));
        var to = from;
        for (var start = 0; start < read && read == bytes.Length; start += known.FrameBytes)
        {
            if (WalFormat.Follow(to, known.BigEndianSums, bytes.AsSpan(start, known.FrameBytes)) is not var (after, _))
            {
                throw new LogBrokenException();
            }

            to = after;
        }

        return to.Frame == taken[^1].Frame
            ? new LogPiece(copied, from, to, known.BigEndianSums, known.PageBytes, bytes, taken)
            : throw new LogBrokenException();
    }

    /// <summary>Goes on to the last commit in the log. True when there was one more.</summary>
    private bool Follow(bool recovering)
    {
        Span<byte> start = stackalloc byte[WalFormat.HeaderBytes];
        if (!OpenLog() || ReadFully(log!, start, 0) < start.Length || WalFormat.TryReadHeader(start) is not { } found)
        {
            return false;
        }

        if (header is null || !header.Start.IsInLogOf(found.Start))
        {
            (header, at, commits) = (found, found.Start, []);
        }

        var known = recovering ? moments.Read(found.Start.Salt2) : null;
        var fallback = recovering ? LastWritten() : 0;
        var before = at;
        var frame = new byte[header.FrameBytes];
        for (var seen = at; ReadFully(log!, frame, header.OffsetOf(seen.Frame + 1)) == frame.Length; )
        {
            if (WalFormat.Follow(seen, header.BigEndianSums, frame) is not var (after, commitPages))
            {
                break;
            }

            seen = after;
            if (commitPages > 0)
            {
                var moment = known is null
                    ? time.GetUtcNow().ToUnixTimeMilliseconds()
                    : known.GetValueOrDefault(seen.Frame, fallback);
                at = seen;

                // A clock that is set back must not order commits anew.
                lastMoment = Math.Max(lastMoment, moment);
                commits.Add(new LogCommit(lastMoment, seen.Frame, commitPages));
                if (!recovering)
                {
                    moments.Note(seen.Salt2, seen.Frame, lastMoment);
                }
            }
        }

        return at != before;
    }

    private long LastWritten() =>
        new DateTimeOffset(File.GetLastWriteTimeUtc(path + "-wal"), TimeSpan.Zero).ToUnixTimeMilliseconds();

    private bool OpenLog()
    {
        if (log is null && File.Exists(path + "-wal"))
        {
            log = File.OpenHandle(path + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }

        return log is not null;
    }

    // A log this long that nobody takes would fill the disk of the store itself.
    private void GiveUp(Writer writer)
    {
        lock (gate)
        {
            EmptiedMark.Remove(path);
            (emptiedAt, header) = (null, null);
            Breaks++;
        }

        Checkpoint(writer);
    }

    private bool Checkpoint(Writer writer)
    {
        try
        {
            // A reader's statement takes microseconds; writers are not held up for a slow one.
            writer.Session.RunScript("PRAGMA busy_timeout = 50");
            var busy = writer.Session.Number("PRAGMA wal_checkpoint(TRUNCATE)") != 0;
            if (!busy)
            {
                lock (gate)
                {
                    (header, commits) = (null, []);
                    moments.Clear();
                }
            }

            return !busy;
        }
        catch (SqliteException)
        {
            // What was written is safe in the log. Trouble that lasts is met, and told, by the next write.
            return false;
        }
        finally
        {
            writer.Session.RunScript("PRAGMA busy_timeout = 5000");
        }
    }

    private static int ReadFully(SafeFileHandle file, Span<byte> into, long offset)
    {
        var read = 0;
        while (read < into.Length && RandomAccess.Read(file, into[read..], offset + read) is > 0 and var more)
        {
            read += more;
        }

        return read;
    }
}

/// <summary>
/// The log does not show how it goes on from what was copied: it was emptied by another, or is another file's. Copying
/// begins anew with the whole file.
/// </summary>
internal sealed class LogBrokenException() : Exception("A log does not go on from what was copied of it.");
