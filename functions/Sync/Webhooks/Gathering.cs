namespace PracticPro.Sync.Webhooks;

/// <summary>
/// Work that is done together where it comes thick. What comes first for a place is done at once; what comes for the same
/// place while that is under way waits, and is done together next. The more there is, the less each costs, and nothing
/// waits for others to come.
/// </summary>
/// <param name="work">Does all of them, in one write or none. An answer for each, in their order.</param>
/// <param name="weightOf">At least 0. One that is heavier than all may be together is done alone.</param>
/// <param name="heaviest">What all that are done together may weigh.</param>
/// <param name="most">How many may be done together.</param>
internal sealed class Gathering<TItem, TAnswer>(
    Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TAnswer>>> work, Func<TItem, long> weightOf, long heaviest, int most)
{
    // A place is in it as long as work for it is under way.
    private readonly Dictionary<string, Queue<Waiting>> places = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <exception cref="Exception">What the work threw: nothing of those that were together was done.</exception>
    public Task<TAnswer> AddAsync(string place, TItem item)
    {
        var waiting = new Waiting(item);
        lock (gate)
        {
            if (places.TryGetValue(place, out var line))
            {
                line.Enqueue(waiting);
                return waiting.Answer;
            }

            places.Add(place, new Queue<Waiting>([waiting]));
        }

        // Begun behind what the threads have to do already, so that what came at the same time is gathered first. Unsafe: what is
        // done for others is no part of this caller's request, nor of its trace.
        ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Gathering.RunAsync(work.Place), (Gathering: this, Place: place), preferLocal: false);
        return waiting.Answer;
    }

    /// <summary>Never throws: each of those that wait is told.</summary>
    private async Task RunAsync(string place)
    {
        while (Next(place) is { Count: > 0 } together)
        {
            try
            {
                var answers = await work([.. together.Select(static one => one.Item)]);
                for (var at = 0; at < together.Count; at++)
                {
                    together[at].Tell(answers[at]);
                }
            }
            catch (Exception trouble)
            {
                together.ForEach(one => one.Fail(trouble));
            }
        }
    }

    private List<Waiting> Next(string place)
    {
        lock (gate)
        {
            var line = places[place];
            List<Waiting> together = [];
            for (var weight = 0L; together.Count < most && line.TryPeek(out var next); together.Add(line.Dequeue()))
            {
                weight += weightOf(next.Item);
                if (together.Count > 0 && weight > heaviest)
                {
                    break;
                }
            }

            if (together.Count == 0)
            {
                places.Remove(place);
            }

            return together;
        }
    }

    private sealed class Waiting(TItem item)
    {
        // Who waits goes on elsewhere: the next are not kept waiting by it.
        private readonly TaskCompletionSource<TAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TItem Item => item;

        public Task<TAnswer> Answer => answer.Task;

        public void Tell(TAnswer told) => answer.TrySetResult(told);

        public void Fail(Exception trouble) => answer.TrySetException(trouble);
    }
}
