using System.Collections;
using System.Text.Json;
using PracticPro.Durable.History;
using PracticPro.Kernel;

namespace PracticPro.Durable.Protocol;

/// <summary>
/// The delivery ids that an instance has taken, oldest first. The newest go with it when it continues as new, in an event
/// that no code waits for; so a second delivery is known for what it is in the next generation too.
/// </summary>
internal sealed class TakenDeliveries : IEnumerable<string>
{
    /// <summary>How many go on to the next generation. At 100 characters an id they are 25 KB at most.</summary>
    public const int MostCarried = 256;

    private const string Carrier = "$delivered";
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly List<string> order = [];

    /// <summary>False when it was taken before.</summary>
    public bool Add(string delivery)
    {
        if (!known.Add(delivery))
        {
            return false;
        }

        order.Add(delivery);
        return true;
    }

    /// <summary>The event that carries them; null when there are none.</summary>
    public HistoryEvent.EventRaised? Carry(DateTimeOffset at) => order.Count == 0
        ? null
        : new HistoryEvent.EventRaised(at, Carrier, JsonSerializer.Serialize(order.TakeLast(MostCarried), JsonShapes.Stored));

    /// <summary>True when the event is one that carries; what it carries is then known.</summary>
    public bool TakeFrom(HistoryEvent.EventRaised raised)
    {
        if (raised.Name != Carrier)
        {
            return false;
        }

        try
        {
            foreach (var delivery in JsonSerializer.Deserialize<List<string>>(raised.Input ?? "[]", JsonShapes.Stored) ?? [])
            {
                Add(delivery);
            }
        }
        catch (JsonException)
        {
            // Nobody else has a reason to use the name; an event of it says nothing to the code either way.
        }

        return true;
    }

    public IEnumerator<string> GetEnumerator() => order.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
