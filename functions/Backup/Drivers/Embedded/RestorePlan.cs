using PracticPro.Kernel;

namespace PracticPro.Backup.Drivers.Embedded;

/// <summary>
/// Which pieces of a stream lead to a moment. The chains' links are checked from the first that is read to the newest: by
/// name, by number and by the hash of the piece before, so that one that is missing, moved or put in is found.
/// </summary>
/// <param name="Chain">Pieces to replay, a base first; empty when the stream began after the moment.</param>
/// <param name="Newest">Pieces that lead to the newest state, a base first.</param>
/// <param name="Until">Up to which moment to replay, in Unix milliseconds.</param>
internal sealed record RestorePlan(IReadOnlyList<PieceName> Chain, IReadOnlyList<PieceName> Newest, long Until)
{
    /// <summary>The plan, or why the moment cannot be had from this stream.</summary>
    /// <param name="until">Unix milliseconds; null for the newest that is covered.</param>
    /// <exception cref="BackupDamagedException">A piece is missing, is not its name's, or does not follow.</exception>
    public static async Task<Outcome<RestorePlan>> MakeAsync(
        BackupPieces pieces, string stream, BackupHead head, long? until, CancellationToken cancellation)
    {
        var entry = head.Streams[stream];
        var covered = head.CoveredOf(stream);
        var chains = pieces.Of(stream)
            .GroupBy(name => name.Chain, StringComparer.Ordinal)
            .Select(chain => chain.ToList())
            .ToList();
        if (chains.Count == 0)
        {
            throw new BackupDamagedException("a piece is missing", new PieceName(stream, entry.Chain, entry.Number).Text);
        }

        var bases = chains.Select(chain => pieces.Header(chain[0] with { Number = 0 })).ToList();

        // The newest base is a state of its own, also in the instant before the next round covers it.
        var wanted = until ?? Math.Max(covered, bases[^1].LastCommit);
        var chosen = bases.FindLastIndex(header => header.LastCommit <= wanted);
        await MustFollowAsync(pieces, [.. chains.Skip(Math.Max(chosen, 0))], cancellation);
        await MustHoldAsync(pieces, chains, stream, entry, cancellation);
        if (until > covered)
        {
            return new BackupFailures.NotCovered();
        }

        if (chosen < 0)
        {
            // The first chain of all begins with the stream itself; a later one begins where a sweep ended.
            return bases[0].Follows is null ? new RestorePlan([], chains[^1], wanted) : new BackupFailures.BeforeWindow();
        }

        var isInGap = chosen < chains.Count - 1 && !bases[chosen + 1].Continues
            && wanted > Math.Max(pieces.Header(chains[chosen][^1]).LastCommit, bases[chosen + 1].CoveredBefore);
        return isInGap ? new BackupFailures.InGap() : new RestorePlan(chains[chosen], chains[^1], wanted);
    }

    private static async Task MustFollowAsync(
        BackupPieces pieces, List<List<PieceName>> chains, CancellationToken cancellation)
    {
        PieceName? before = null;
        string? hash = null;
        foreach (var chain in chains)
        {
            for (var number = 0; number < chain.Count; number++)
            {
                var name = chain[number];
                if (name.Number != number)
                {
                    throw new BackupDamagedException("a piece is missing", (name with { Number = number }).Text);
                }

                if (before is { } earlier && pieces.Header(name).Follows != hash)
                {
                    // One of the two is wrong: if the earlier does not open, it is that one.
                    await pieces.MustOpenAsync(earlier, cancellation);
                    throw new BackupDamagedException("a piece does not follow the one before it", name.Text);
                }

                (before, hash) = (name, pieces.Hash(name));
            }
        }
    }

    /// <summary>What the head names is there, with the hash it names.</summary>
    private static async Task MustHoldAsync(
        BackupPieces pieces,
        List<List<PieceName>> chains,
        string stream,
        BackupHead.Entry entry,
        CancellationToken cancellation)
    {
        var named = new PieceName(stream, entry.Chain, entry.Number);
        if (!chains.SelectMany(chain => chain).Contains(named))
        {
            throw new BackupDamagedException("a piece is missing", named.Text);
        }

        if (pieces.Hash(named) != entry.Hash)
        {
            await pieces.MustOpenAsync(named, cancellation);
            throw new BackupDamagedException("a piece is not the one the head names", named.Text);
        }
    }
}
