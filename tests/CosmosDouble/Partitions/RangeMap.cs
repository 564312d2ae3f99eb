using System.Globalization;

namespace PracticPro.CosmosDouble.Partitions;

/// <summary>The physical partitions of a container: they cover the ring without a gap and without an overlap.</summary>
/// <param name="Current">In the order of the ring.</param>
/// <param name="LastId">Highest number that any range, also one that is gone, has had.</param>
internal sealed record RangeMap(IReadOnlyList<PhysicalRange> Current, int LastId)
{
    /// <summary>So many ranges of equal size.</summary>
    public static RangeMap Even(int count)
    {
        var ring = EffectivePartitionKey.Number(EffectivePartitionKey.Highest);
        string Border(int at) => at == 0 ? EffectivePartitionKey.Lowest
            : at == count ? EffectivePartitionKey.Highest
            : EffectivePartitionKey.Hex(ring / (UInt128)count * (UInt128)at);
        return new RangeMap([.. Enumerable.Range(0, count).Select(at => new PhysicalRange(Text(at), Border(at), Border(at + 1), []))], count - 1);
    }

    /// <summary>Changes whenever the map does.</summary>
    public string ETag => $"\"{LastId}\"";

    public PhysicalRange Holding(string place) => Current.First(range => range.Holds(place));

    public PhysicalRange? Find(string id) => Current.FirstOrDefault(range => range.Id == id);

    /// <summary>The map after the range was cut in the middle; its id is gone, for good.</summary>
    public RangeMap Split(string id)
    {
        var range = Find(id) ?? throw new ArgumentException("There is no such range.", nameof(id));
        var middle = EffectivePartitionKey.Hex(
            (EffectivePartitionKey.Number(range.Min) / 2) + (EffectivePartitionKey.Number(range.Max) / 2));
        IReadOnlyList<string> parents = [.. range.Parents, range.Id];
        PhysicalRange[] halves =
        [
            new(Text(LastId + 1), range.Min, middle, parents),
            new(Text(LastId + 2), middle, range.Max, parents),
        ];
        return new RangeMap([.. Current.SelectMany(one => one == range ? halves : [one])], LastId + 2);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
