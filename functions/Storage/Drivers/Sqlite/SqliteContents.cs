using System.Runtime.CompilerServices;

namespace PracticPro.Storage.Drivers.Sqlite;

/// <summary>Walks all one tenant has stored, a page at a time, so that no reader stays in the middle of a file.</summary>
internal sealed class SqliteContents(TenantFile file)
{
    private const int PageSize = 200;
    private const string NextLogText = "SELECT min(log) FROM log_entry WHERE log > ?1";
    private const string MessagesText = """
        SELECT queue, number, body, deliveries, poison FROM queue_message WHERE (queue, number) > (?1, ?2)
        ORDER BY queue, number LIMIT ?3
        """;

    public async IAsyncEnumerable<Document> DocumentsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        DocumentKey? last = null;
        while (await file.ReadAsync([], session => WalkDocuments.Run(session, last, PageSize), cancellation) is { Count: > 0 } page)
        {
            foreach (var stored in page)
            {
                yield return stored.Document;
            }

            last = page[^1].Document.Key;
        }
    }

    public async IAsyncEnumerable<LogName> LogsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var last = string.Empty;
        while (await file.ReadAsync(null, session => NextLog(session, last), cancellation) is { } name)
        {
            yield return new LogName(name);
            last = name;
        }
    }

    public async IAsyncEnumerable<QueuedMessage> MessagesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var last = (Queue: string.Empty, Number: 0L);
        while (await file.ReadAsync([], session => Messages(session, last), cancellation) is { Count: > 0 } page)
        {
            foreach (var (message, number) in page)
            {
                yield return message;
                last = (message.Queue.Text, number);
            }
        }
    }

    private static string? NextLog(Session session, string last)
    {
        using var row = session.Prepare(NextLogText).With(1, last);
        return row.Step() && row.Text(0) is { Length: > 0 } name ? name : null;
    }

    private static List<(QueuedMessage Message, long Number)> Messages(Session session, (string Queue, long Number) last)
    {
        using var rows = session.Prepare(MessagesText).With(1, last.Queue).With(2, last.Number).With(3, PageSize);
        var page = new List<(QueuedMessage, long)>();
        while (rows.Step())
        {
            var message = new QueuedMessage(
                new QueueName(rows.Text(0)), rows.Bytes(2), (int)rows.Number(3), rows.Number(4) != 0);
            page.Add((message, rows.Number(1)));
        }

        return page;
    }
}
