using System.Collections.Immutable;
using System.Globalization;
using PracticPro.Kernel;
using PracticPro.Storage;

namespace PracticPro.Tests.Backup;

/// <summary>Batches as a practice's life makes them: documents come and change, logs grow, messages are put and taken.</summary>
internal static class RandomBatches
{
    public static readonly DocumentKind Kind = DocumentKind.Of("mail", "by-time");

    public static async Task CommitAsync(IStorage storage, TenantId tenant, Random chance)
    {
        var store = storage.For(tenant);
        if (chance.Next(5) == 0)
        {
            var held = await store.Queue.ReceiveAsync(new QueueName("outbox"), 3, TimeSpan.FromMinutes(1), CancellationToken.None);
            foreach (var delivery in held)
            {
                await store.Queue.CompleteAsync(new QueueName("outbox"), delivery.Receipt, CancellationToken.None);
            }
        }

        var operations = new List<Operation>();
        foreach (var id in Enumerable.Range(0, chance.Next(1, 8)).Select(_ => chance.Next(60)).Distinct())
        {
            operations.Add(Mail(id, chance));
        }

        operations.Add(new Operation.Append(new LogName("audit"), Bytes(chance, 200)));
        operations.Add(new Operation.Enqueue(new QueueName("outbox"), new QueueMessage(Bytes(chance, 60))));
        await store.Documents.CommitAsync(new Batch(operations), CancellationToken.None);
    }

    public static Operation Mail(int id, Random chance) => new Operation.Put(
        new Document(
            Kind.Key(id.ToString("D4", CultureInfo.InvariantCulture)),
            Bytes(chance, chance.Next(100) == 0 ? 300_000 : 3_000),
            ImmutableDictionary<string, string>.Empty.Add("by-time", chance.Next(1000).ToString("D4", CultureInfo.InvariantCulture))),
        Condition.Any);

    private static byte[] Bytes(Random chance, int most)
    {
        var bytes = new byte[chance.Next(1, most)];
        chance.NextBytes(bytes);
        return bytes;
    }
}
