namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>
/// Puts a message on a queue, unless its deduplication key was seen there in the last 7 days. Marks that are older
/// are swept once an hour of the clock.
/// </summary>
internal static class PutMessage
{
    private const string SeenText = "SELECT seen_at FROM queue_seen WHERE queue = ?1 AND key = ?2";
    private const string MarkText = """
        INSERT INTO queue_seen (queue, key, seen_at) VALUES (?1, ?2, ?3)
        ON CONFLICT (queue, key) DO UPDATE SET seen_at = excluded.seen_at
        """;

    private const string SweepText = "DELETE FROM queue_seen WHERE seen_at <= ?1";
    private const string InsertText = """
        INSERT INTO queue_message (queue, poison, visible_at, set_at, deliveries, receipt, body)
        VALUES (?1, 0, ?2, ?2, 0, NULL, ?3)
        """;

    private static readonly long Window = (long)IQueue.DeduplicationWindow.TotalMilliseconds;
    private static readonly long SweepEvery = (long)TimeSpan.FromHours(1).TotalMilliseconds;

    public static void Run(Writer writer, Operation.Enqueue enqueue, long now)
    {
        var (queue, message) = (enqueue.Queue.Text, enqueue.Message);
        if (message.DeduplicationKey is { } key && IsRepeat(writer, queue, key, now))
        {
            return;
        }

        if (writer.QueueClock < now)
        {
            writer.QueueClock = now;
        }

        writer.Session.Prepare(InsertText).With(1, queue).With(2, now).With(3, message.Body.Span).Run();
    }

    private static bool IsRepeat(Writer writer, string queue, string key, long now)
    {
        Sweep(writer, now);
        long? seen;
        using (var row = writer.Session.Prepare(SeenText).With(1, queue).With(2, key))
        {
            seen = row.Step() ? row.Number(0) : null;
        }

        var repeat = seen > now - Window;
        if (!repeat || seen > now)
        {
            // A mark from the future: the clock was set back. It is still a repeat, but the 7 days count from now,
            // or the key would be dropped for as long as the clock was wrong.
            writer.Session.Prepare(MarkText).With(1, queue).With(2, key).With(3, now).Run();
        }

        return repeat;
    }

    private static void Sweep(Writer writer, long now)
    {
        if (writer.SweptAt is { } last && Math.Abs(now - last) < SweepEvery)
        {
            return;
        }

        writer.Session.Prepare(SweepText).With(1, now - Window).Run();
        writer.SweptAt = now;
    }
}
