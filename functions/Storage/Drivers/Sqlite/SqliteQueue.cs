using System.Security.Cryptography;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>
/// One tenant's queues. A message is visible from <c>visible_at</c> on; <c>set_at</c> is when that was decided, so
/// that a clock that was set back can be noticed and the wait counted anew. A message that was handed out
/// <see cref="IQueue.MaximumDeliveries"/> times and is visible again is poison, whether or not it is marked so yet.
/// </summary>
internal sealed class SqliteQueue(TenantFile file) : IQueue
{
    // Written out, not bound: that is how SQLite sees that the small index queue_message_spent serves it.
    private static readonly string Spent =
        $"queue = ?1 AND poison = 0 AND deliveries >= {IQueue.MaximumDeliveries} AND visible_at <= ?2";

    private static readonly string GiveUpText =
        $"UPDATE queue_message SET poison = 1, receipt = NULL WHERE {Spent}";

    private static readonly string CountText = CountWith("-", "poison = 0");
    private static readonly string CountPoisonText = CountWith("+", "poison = 1");

    // Asked once an opening, and after a failure: from then on the writer remembers it.
    private const string ClockText = "SELECT coalesce(max(set_at), 0) FROM queue_message";
    private const string RebaseText =
        "UPDATE queue_message SET visible_at = ?1 + (visible_at - set_at), set_at = ?1 WHERE set_at > ?1";

    private const string ReadyText = """
        SELECT number, body, deliveries FROM queue_message
        WHERE queue = ?1 AND poison = 0 AND visible_at <= ?2 ORDER BY visible_at, number LIMIT ?3
        """;

    private const string HandOutText = """
        UPDATE queue_message SET deliveries = ?2, receipt = ?3, visible_at = ?4, set_at = ?5 WHERE number = ?1
        """;

    // A receipt is of the latest delivery only, since handing out again overwrites it. The queue is asked as well, so
    // that a receipt from another queue does nothing.
    private const string CompleteText =
        "DELETE FROM queue_message WHERE receipt = ?1 AND queue = ?2";

    private const string ReleaseText = """
        UPDATE queue_message SET visible_at = ?3, set_at = ?4, receipt = NULL, poison = (deliveries >= ?5)
        WHERE receipt = ?1 AND queue = ?2
        """;

    private const string ReplayText = """
        UPDATE queue_message SET poison = 0, deliveries = 0, receipt = NULL, visible_at = ?2, set_at = ?2
        WHERE queue = ?1 AND poison = 1
        """;

    public TenantId Tenant => file.Tenant;

    public ValueTask<IReadOnlyList<QueueDelivery>> ReceiveAsync(
        QueueName queue, int limit, TimeSpan hold, CancellationToken cancellation)
    {
        StorageLimits.CheckName(queue.Text, "queue name");
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var holdFor = Milliseconds.Positive(hold);
        return file.WriteIfThereAsync<IReadOnlyList<QueueDelivery>>(
            [],
            writer =>
            {
                var now = file.Now;
                GiveUp(writer, queue, now);
                return HandOut(writer.Session, Ready(writer.Session, queue, now, limit), now, now + holdFor);
            },
            cancellation);
    }

    public ValueTask<bool> CompleteAsync(QueueName queue, string receipt, CancellationToken cancellation) =>
        file.WriteIfThereAsync(
            false,
            writer =>
            {
                writer.Session.Prepare(CompleteText).With(1, receipt).With(2, queue.Text).Run();
                return writer.Session.Changed > 0;
            },
            cancellation);

    public ValueTask<bool> ReleaseAsync(
        QueueName queue, string receipt, TimeSpan delay, CancellationToken cancellation)
    {
        var wait = Milliseconds.NotNegative(delay);
        return file.WriteIfThereAsync(
            false,
            writer =>
            {
                var now = file.Now;
                NoticeClock(writer, now);
                writer.Session.Prepare(ReleaseText).With(1, receipt).With(2, queue.Text)
                    .With(3, now + wait).With(4, now).With(5, IQueue.MaximumDeliveries).Run();
                return writer.Session.Changed > 0;
            },
            cancellation);
    }

    public ValueTask<long> CountAsync(QueueName queue, CancellationToken cancellation) =>
        CountAsync(CountText, queue, cancellation);

    public ValueTask<long> CountPoisonAsync(QueueName queue, CancellationToken cancellation) =>
        CountAsync(CountPoisonText, queue, cancellation);

    public ValueTask<int> ReplayPoisonAsync(QueueName queue, CancellationToken cancellation)
    {
        StorageLimits.CheckName(queue.Text, "queue name");
        return file.WriteIfThereAsync(
            0,
            writer =>
            {
                var now = file.Now;
                GiveUp(writer, queue, now);
                writer.Session.Prepare(ReplayText).With(1, queue.Text).With(2, now).Run();
                return writer.Session.Changed;
            },
            cancellation);
    }

    // Spent messages that no receive has marked yet count as poison, not as waiting.
    private static string CountWith(string sign, string marked) => $"""
        SELECT (SELECT count(*) FROM queue_message WHERE queue = ?1 AND {marked})
            {sign} (SELECT count(*) FROM queue_message WHERE {Spent})
        """;

    private ValueTask<long> CountAsync(string text, QueueName queue, CancellationToken cancellation)
    {
        StorageLimits.CheckName(queue.Text, "queue name");
        return file.ReadAsync(
            0L,
            session =>
            {
                using var row = session.Prepare(text)
                    .With(1, queue.Text).With(2, file.Now);
                row.Step();
                return row.Number(0);
            },
            cancellation);
    }

    // Marks what was handed out for the last time and came back by itself. Runs before a receive, so that such a
    // message is not handed out a sixth time.
    private static void GiveUp(Writer writer, QueueName queue, long now)
    {
        NoticeClock(writer, now);
        writer.Session.Prepare(GiveUpText).With(1, queue.Text).With(2, now).Run();
    }

    // A clock that went back would hide what is held, or waits, for as long as it went back: each such message gets
    // its own wait again from now. Receipts stay good, so nothing is handed out twice for it.
    private static void NoticeClock(Writer writer, long now)
    {
        writer.QueueClock ??= writer.Session.Number(ClockText);
        if (now < writer.QueueClock)
        {
            writer.Session.Prepare(RebaseText).With(1, now).Run();
        }

        writer.QueueClock = now;
    }

    private static List<(long Number, byte[] Body, int Deliveries)> Ready(
        Session session, QueueName queue, long now, int limit)
    {
        var ready = new List<(long, byte[], int)>();
        using var rows = session.Prepare(ReadyText).With(1, queue.Text).With(2, now).With(3, limit);
        while (rows.Step())
        {
            ready.Add((rows.Number(0), rows.Bytes(1), (int)rows.Number(2)));
        }

        return ready;
    }

    private static List<QueueDelivery> HandOut(
        Session session, List<(long Number, byte[] Body, int Deliveries)> ready, long now, long until)
    {
        var deliveries = new List<QueueDelivery>(ready.Count);
        foreach (var (number, body, before) in ready)
        {
            var receipt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            session.Prepare(HandOutText)
                .With(1, number).With(2, before + 1).With(3, receipt).With(4, until).With(5, now).Run();
            deliveries.Add(new QueueDelivery(body, before + 1, Milliseconds.At(until), receipt));
        }

        return deliveries;
    }
}
