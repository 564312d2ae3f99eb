namespace PracticPro.Backup.Drivers.Embedded;

/// <summary>
/// Deletes what no moment of the window needs: of each stream the chains before the newest one whose base is older than the
/// window's beginning. The newest chain always stays. (Blobs go with their index: <see cref="BlobShipper"/>.)
/// </summary>
internal static class KeepWindow
{
    /// <returns>How many pieces were deleted.</returns>
    public static int Run(IBackupTarget target, DateTimeOffset now, TimeSpan window)
    {
        var from = (now - window).ToUnixTimeMilliseconds();
        var deleted = 0;
        var names = target.List(string.Empty).Select(PieceName.TryParse).OfType<PieceName>().ToList();
        foreach (var stream in names.GroupBy(name => name.Stream))
        {
            var chains = stream.Select(name => name.Chain).Distinct().Order(StringComparer.Ordinal).ToList();
            var needed = chains[Math.Max(0, chains.FindLastIndex(chain => ReachesBack(target, stream.Key, chain, from)))];

            // Newest first: a sweep that is cut short leaves no chain without its beginning before one that is whole.
            foreach (var name in stream.Where(name => string.CompareOrdinal(name.Chain, needed) < 0)
                .OrderBy(name => name.Chain, StringComparer.Ordinal).ThenByDescending(name => name.Number))
            {
                target.Delete(name.Text);
                deleted++;
            }
        }

        return deleted;
    }

    private static bool ReachesBack(IBackupTarget target, string stream, string chain, long from)
    {
        using var bytes = target.OpenRead(new PieceName(stream, chain, 0).Text);
        return bytes is not null && PieceFormat.ReadFront(bytes) is var (header, _) && header.LastCommit <= from;
    }
}
