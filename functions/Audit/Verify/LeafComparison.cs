namespace PracticPro.Audit.Verify;

/// <summary>
/// Says where a log was changed. Works from the list of leaf hashes, which is trusted only when it adds up to the
/// signed root itself; then it is what the log was, and the folder's leaves are laid against it.
/// </summary>
internal static class LeafComparison
{
    /// <summary>Adds the defects it finds. False when the list does not add up either, so nothing can be located.</summary>
    public static bool TryLocate(OpenAuditFile open, Checkpoint signed, DefectList defects)
    {
        var logged = Read(open, AuditFiles.Hashes, static line => TreeHash.TryParse(line, out var hash) ? hash : null);
        var root = new CompactRange();
        logged.ForEach(root.Append);
        if (root.Size != signed.Size || root.Root() != signed.Root)
        {
            return false;
        }

        Compare(logged, Read(open, AuditFiles.Leaves, static line => MerkleTree.Leaf(line)), defects);
        return true;
    }

    /// <summary>
    /// Leaves found in both are matched, and those that kept their order are the frame; a matched leaf outside the
    /// frame was moved. What is left between two leaves of the frame was edited as far as it pairs up, else it is
    /// missing or extra.
    /// </summary>
    public static void Compare(List<TreeHash> logged, List<TreeHash> found, DefectList defects)
    {
        var (placeOf, left) = Match(logged, found);
        var frame = OrderedFrame.Of(placeOf);
        var missing = new List<int>();
        var nextLogged = 0;
        var extras = new Queue<int>();
        for (var at = 0; at <= found.Count; at++)
        {
            if (at < found.Count && !frame.Contains(at))
            {
                Strange(at);
                continue;
            }

            var until = at < found.Count ? placeOf[at] : logged.Count;
            Gap(nextLogged, until);
            nextLogged = until + 1;
        }

        Missing(missing, logged.Count, found.Count, defects);

        void Strange(int at)
        {
            if (placeOf[at] < 0)
            {
                extras.Enqueue(at);
            }
            else
            {
                defects.Add(new Defect.LeafMoved(placeOf[at], at));
            }
        }

        void Gap(int from, int to)
        {
            foreach (var lost in Enumerable.Range(from, to - from).Where(left.Contains))
            {
                if (extras.TryDequeue(out _))
                {
                    defects.Add(new Defect.LeafEdited(lost));
                }
                else
                {
                    missing.Add(lost);
                }
            }

            while (extras.TryDequeue(out var extra))
            {
                defects.Add(new Defect.LeafExtra(extra));
            }
        }
    }

    // A run of missing leaves that reaches the end is one defect, with a name of its own: the end was cut off.
    private static void Missing(List<int> missing, int logged, int found, DefectList defects)
    {
        var keep = missing.Count;
        for (var end = logged - 1; keep > 0 && missing[keep - 1] == end; end--)
        {
            keep--;
        }

        missing.Take(keep).ToList().ForEach(index => defects.Add(new Defect.LeafMissing(index)));
        if (keep < missing.Count)
        {
            defects.Add(new Defect.TailCut(logged, found));
        }
    }

    // For each leaf found its place in the log, or −1; and the places nothing was found for. Each place is given once.
    private static (int[] PlaceOf, HashSet<int> Left) Match(List<TreeHash> logged, List<TreeHash> found)
    {
        var left = new HashSet<int>(Enumerable.Range(0, logged.Count));
        var places = new Dictionary<TreeHash, Queue<int>>();
        for (var at = 0; at < logged.Count; at++)
        {
            if (!places.TryGetValue(logged[at], out var queue))
            {
                places[logged[at]] = queue = new Queue<int>(1);
            }

            queue.Enqueue(at);
        }

        var placeOf = new int[found.Count];
        for (var at = 0; at < found.Count; at++)
        {
            placeOf[at] = places.TryGetValue(found[at], out var queue) && queue.TryDequeue(out var place) ? place : -1;
            left.Remove(placeOf[at]);
        }

        return (placeOf, left);
    }

    private delegate TreeHash? ReadHash(ReadOnlySpan<byte> line);

    private static List<TreeHash> Read(OpenAuditFile open, string name, ReadHash read)
    {
        var hashes = new List<TreeHash>();
        if (open(name) is not { } stream)
        {
            return hashes;
        }

        using var lines = new LineReader(stream);
        while (lines.TryNext(out var line))
        {
            // A line that is no hash counts as a hash of nothing, so that the places after it stay where they are.
            hashes.Add(read(line) ?? default);
        }

        return hashes;
    }
}
