using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Tests.Storage.Drivers;

/// <summary>
/// Changes as a capability makes them: a document, its log entry and its queued message in one batch, all three
/// bearing the same number. <see cref="MustAgreeAsync"/> finds a change of which only a part is stored.
/// </summary>
internal static class Changes
{
    public static readonly TenantId Tenant = TenantId.Parse("practice");
    private static readonly DocumentKind Kind = DocumentKind.Of("change", "number");
    private static readonly LogName Log = new("changes");
    private static readonly QueueName Outbox = new("outbox");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Batch Make(int number, int bodyBytes = 40)
    {
        var text = number.ToString("D6", CultureInfo.InvariantCulture);
        var body = new byte[bodyBytes];
        Array.Fill(body, (byte)(number & 0xFF));
        var document = new Document(
            Kind.Key(text), body, ImmutableDictionary<string, string>.Empty.Add("number", text));
        return new Batch([
            new Operation.Put(document, Condition.Absent),
            new Operation.Append(Log, Encoding.UTF8.GetBytes(text)),
            new Operation.Enqueue(Outbox, new QueueMessage(Encoding.UTF8.GetBytes(text), text)),
        ]);
    }

    public static async Task<CommitOutcome> CommitAsync(IStorage storage, int number, int bodyBytes = 40) =>
        await storage.For(Tenant).Documents.CommitAsync(Make(number, bodyBytes), Cancellation);

    /// <summary>The numbers stored, after making sure that all three places hold the same ones.</summary>
    public static async Task<IReadOnlyList<int>> MustAgreeAsync(IStorage storage)
    {
        var store = storage.For(Tenant);
        var documents = new List<string>();
        var query = new ListQuery(Kind, "number", Limit: 500);
        do
        {
            var page = await store.Documents.ListAsync(query, Cancellation);
            documents.AddRange(page.Items.Select(item => item.Document.Key.Id));
            query = query with { After = page.Next };
        }
        while (query.After is not null);

        var entries = await store.Logs.ReadAsync(Log, 0, 100_000, Cancellation);
        var messages = await store.Queue.ReceiveAsync(Outbox, 100_000, TimeSpan.FromHours(1), Cancellation);
        await Task.WhenAll(messages.Select(message =>
            store.Queue.ReleaseAsync(Outbox, message.Receipt, TimeSpan.Zero, Cancellation).AsTask()));
        Assert.Equal(documents, entries.Select(Text).Order(StringComparer.Ordinal));
        Assert.Equal(documents, messages.Select(message => Text(message.Body)).Order(StringComparer.Ordinal));
        Assert.Equal(entries.Count, await store.Logs.CountAsync(Log, Cancellation));
        return [.. documents.Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
