namespace PracticPro.Audit.Verify;

/// <summary>
/// The longest set of positions whose places rise: what stayed in order when something was moved, put in or taken out.
/// Patience sorting, n log n.
/// </summary>
internal static class OrderedFrame
{
    /// <param name="placeOf">For each position its place; negative for none, which is never in the frame.</param>
    public static HashSet<int> Of(IReadOnlyList<int> placeOf)
    {
        // Invariant: ends[k] is the position that ends a rising run of k + 1 with the smallest place.
        var ends = new List<int>();
        var before = new int[placeOf.Count];
        for (var at = 0; at < placeOf.Count; at++)
        {
            if (placeOf[at] < 0)
            {
                continue;
            }

            var run = ends.BinarySearch(at, Comparer<int>.Create((left, right) => placeOf[left].CompareTo(placeOf[right])));
            run = run < 0 ? ~run : run;
            before[at] = run == 0 ? -1 : ends[run - 1];
            if (run == ends.Count)
            {
                ends.Add(at);
            }
            else
            {
                ends[run] = at;
            }
        }

        var frame = new HashSet<int>();
        for (var at = ends.Count == 0 ? -1 : ends[^1]; at >= 0; at = before[at])
        {
            frame.Add(at);
        }

        return frame;
    }
}
