using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Cli.Drill;

/// <summary>A moment at which the writer stood still, and what the store held then.</summary>
/// <param name="At">Unix milliseconds.</param>
/// <param name="Digest">Of everything.</param>
/// <param name="LastingDigest">Of what is never erased.</param>
internal sealed record DrillMark(long At, string Digest, string LastingDigest, long Commits, int Erased);

/// <summary>
/// The drill's second process: writes to a store as a practice does (mail comes and changes, the audit log grows, messages
/// are put and taken, some documents are erased) while rounds of the backup run beside it. Now and then it stands still for
/// an instant and prints a <see cref="DrillMark"/>, a line of JSON. It does not end; it is killed.
/// </summary>
internal static class DrillWriter
{
    private static readonly DocumentKind Mail = DocumentKind.Of("drill-mail", "by-received");
    private static readonly LogName Audit = new("drill-audit");
    private static readonly QueueName Outbox = new("drill-outbox");
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Mark = TimeSpan.FromMilliseconds(700);

    public static async Task<int> RunAsync(string work, TextWriter output, CancellationToken cancellation)
    {
        await using var store = await DrillStore.OpenAsync(work, cancellation);
        using var pause = new SemaphoreSlim(DrillStore.Tenants.Length);
        var counts = new Counts();
        await Task.WhenAll(
        [
            .. DrillStore.Tenants.Select(tenant => Task.Run(() => WriteAsync(store, tenant, pause, counts, cancellation), cancellation)),
            Task.Run(() => BackUpAsync(store, cancellation), cancellation),
            Task.Run(() => MarkAsync(store, pause, counts, output, cancellation), cancellation),
        ]);
        return ExitCodes.Failed;
    }

    private static async Task WriteAsync(
        DrillStore store, TenantId tenant, SemaphoreSlim pause, Counts counts, CancellationToken cancellation)
    {
        var documents = store.Storage.For(tenant).Documents;
        var queue = store.Storage.For(tenant).Queue;
        var erasable = new Queue<DocumentKey>();
        for (var number = 0; ; number++)
        {
            await pause.WaitAsync(cancellation);
            try
            {
                await documents.CommitAsync(new Batch(Batch(number, erasable)), cancellation);
                if (erasable.Count > 8)
                {
                    await documents.CommitAsync(
                        new Batch(ErasureLedger.Compose(TimeProvider.System, [erasable.Dequeue(), erasable.Dequeue()])), cancellation);
                    Interlocked.Add(ref counts.Erased, 2);
                    Interlocked.Increment(ref counts.Commits);
                }

                foreach (var delivery in await queue.ReceiveAsync(Outbox, 1, TimeSpan.FromMinutes(1), cancellation))
                {
                    await queue.CompleteAsync(Outbox, delivery.Receipt, cancellation);
                }

                Interlocked.Increment(ref counts.Commits);
            }
            finally
            {
                pause.Release();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1, 12)), TimeProvider.System, cancellation);
        }
    }

    private static IEnumerable<Operation> Batch(int number, Queue<DocumentKey> erasable)
    {
        // New mail, and a change to older mail.
        yield return Put(Id(number));
        if (number > 10)
        {
            yield return Put(Id(RandomNumberGenerator.GetInt32(number)));
        }

        if (number % 3 == 0)
        {
            var key = Mail.Key(DrillStore.Erasable + Id(number));
            erasable.Enqueue(key);
            yield return Put(key.Id);
        }

        yield return new Operation.Append(Audit, Bytes(200));
        yield return new Operation.Enqueue(Outbox, new QueueMessage(Bytes(60)));
    }

    private static async Task BackUpAsync(DrillStore store, CancellationToken cancellation)
    {
        while (true)
        {
            await store.Backup.RunAsync(cancellation);
            await Task.Delay(Round, TimeProvider.System, cancellation);
        }
    }

    private static async Task MarkAsync(
        DrillStore store, SemaphoreSlim pause, Counts counts, TextWriter output, CancellationToken cancellation)
    {
        while (true)
        {
            for (var held = 0; held < DrillStore.Tenants.Length; held++)
            {
                await pause.WaitAsync(cancellation);
            }

            // Everything before has an earlier moment, everything after a later one.
            await Task.Delay(TimeSpan.FromMilliseconds(3), TimeProvider.System, cancellation);
            var at = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            var mark = new DrillMark(
                at,
                await DrillStore.DigestAsync(store.Storage, withErasable: true, cancellation),
                await DrillStore.DigestAsync(store.Storage, withErasable: false, cancellation),
                counts.Commits,
                counts.Erased);
            await Task.Delay(TimeSpan.FromMilliseconds(3), TimeProvider.System, cancellation);
            pause.Release(DrillStore.Tenants.Length);
            await output.WriteLineAsync(JsonSerializer.Serialize(mark, JsonShapes.Stored));
            await output.FlushAsync(cancellation);
            await Task.Delay(Mark, TimeProvider.System, cancellation);
        }
    }

    private static Operation.Put Put(string id) => new(
        new Document(
            Mail.Key(id), Bytes(4_000), ImmutableDictionary<string, string>.Empty.Add("by-received", id)),
        Condition.Any);

    private static string Id(int number) => number.ToString("D6", CultureInfo.InvariantCulture);

    private static byte[] Bytes(int most) => RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(most / 2, most));

    private sealed class Counts
    {
        public long Commits;
        public int Erased;
    }
}
