using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using PracticPro.Durable;
using PracticPro.Durable.Embedded;
using PracticPro.Durable.History;

namespace PracticPro.Simulation.Hub;

/// <summary>
/// Looks at a hub's folder when all is over, and lists what is wrong, the first few of each kind. An empty list is a
/// whole hub.
/// </summary>
internal static class HubVerdict
{
    private const int Shown = 5;

    public static async Task<List<string>> OfAsync(string folder, int shares, CancellationToken cancellation)
    {
        List<string> faults = [];
        var expected = HubWorkload.Expected(0, shares).ToList();
        var deliveries = EffectsFile.Read(folder);
        var rows = HubRows.Read(folder);
        faults.AddRange((await OutputsAsync(folder, expected, cancellation)).Take(Shown));
        faults.AddRange(Counts(deliveries, expected).Take(Shown));
        faults.AddRange(rows.Faults().Take(Shown));
        var doneAgain = DoneAgain(deliveries, rows).ToList();
        faults.AddRange(doneAgain.Take(Shown));
        faults.AddRange(RoundsOutOfOrder(deliveries).Take(Shown));
        Tell(deliveries, expected, rows, doneAgain.Count);
        return faults;
    }

    private static void Tell(List<Delivery> deliveries, List<Expectation> expected, HubRows rows, int late)
    {
        var again = deliveries.CountBy(delivery => delivery.Key).Where(key => key.Value > 1).ToList();
        var most = again.Count == 0 ? 1 : again.Max(key => key.Value);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{expected.Count:N0} instances and {rows.Histories.Count - expected.Count:N0} children; "
            + $"{deliveries.Count - again.Sum(key => key.Value - 1):N0} activities, {again.Count:N0} of them delivered "
            + $"more than once, {most} times at most; {rows.Answers.Count:N0} answers in histories, "
            + $"{late:N0} followed by another delivery"));
    }

    private static async Task<List<string>> OutputsAsync(
        string folder,
        List<Expectation> all,
        CancellationToken cancellation)
    {
        List<string> faults = [];
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var hub = EmbeddedHub.Open(
            new DurableRegistry(), services, new DurableOptions { Folder = folder });
        hub.StartHeld();
        foreach (var expected in all)
        {
            var status = await hub.GetStatusAsync(expected.Instance, cancellation);
            var output = expected.Output.ToString(CultureInfo.InvariantCulture);
            if (status is not { Status: OrchestrationStatus.Completed } || status.Output != output)
            {
                faults.Add($"{expected.Instance}: {status?.Status} {status?.Output}, not {output}");
            }
        }

        return faults;
    }

    /// <summary>
    /// Deliveries may be more than calls; keys may not. A lost call is a key too few, a call made twice, as by an
    /// instance that ran or completed twice, a key too many.
    /// </summary>
    private static IEnumerable<string> Counts(List<Delivery> deliveries, List<Expectation> all)
    {
        var keys = deliveries.DistinctBy(delivery => delivery.Key).ToList();
        var wanted = all.Sum(expected => expected.Effects);
        if (keys.Count != wanted)
        {
            yield return $"{keys.Count} effects by key, not {wanted}";
        }

        // A parent's own one and its children's, which have ids of their own, are in the sum.
        var byInstance = keys.CountBy(delivery => delivery.Instance).ToDictionary();
        foreach (var expected in all.Where(one => one.Name != "parent"))
        {
            var found = byInstance.GetValueOrDefault(expected.Instance.Text);
            if (found != expected.Effects)
            {
                yield return $"{expected.Instance}: {found} effects by key, not {expected.Effects}";
            }
        }
    }

    /// <summary>
    /// An answer carries the time at which it was given, just before it was committed. Whatever crash there was, a key
    /// whose committed answer is of ten o'clock is not delivered after ten o'clock.
    /// </summary>
    private static IEnumerable<string> DoneAgain(List<Delivery> deliveries, HubRows rows)
    {
        foreach (var delivery in deliveries)
        {
            if (rows.Answers.TryGetValue(delivery.Key, out var answeredAt) ? delivery.At > answeredAt : !IsRound(delivery))
            {
                yield return $"{delivery.Instance}: delivered at {delivery.At:O}, answered at {answeredAt:O}";
            }
        }
    }

    /// <summary>
    /// A generation's history is gone when the next begins, which it does only after the answer: a key does not come
    /// back when the next one has been there.
    /// </summary>
    private static IEnumerable<string> RoundsOutOfOrder(List<Delivery> deliveries)
    {
        foreach (var instance in deliveries.Where(IsRound).GroupBy(delivery => delivery.Instance))
        {
            var runs = 0;
            string? last = null;
            HashSet<string> keys = [];
            foreach (var delivery in instance)
            {
                runs += delivery.Key == last ? 0 : 1;
                keys.Add(last = delivery.Key);
            }

            if (runs != keys.Count)
            {
                yield return $"{instance.Key}: an effect came back after the next one";
            }
        }
    }

    private static bool IsRound(Delivery delivery) => delivery.Instance.StartsWith("rounds-", StringComparison.Ordinal);
}
