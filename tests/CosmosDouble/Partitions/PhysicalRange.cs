namespace PracticPro.CosmosDouble.Partitions;

/// <summary>One physical partition: the part of the ring from <paramref name="Min"/> to before <paramref name="Max"/>.</summary>
/// <param name="Id">A number in text; a split gives its two halves new ones.</param>
/// <param name="Parents">The ranges this one came from, oldest first.</param>
internal sealed record PhysicalRange(string Id, string Min, string Max, IReadOnlyList<string> Parents)
{
    public bool Holds(string place) =>
        string.CompareOrdinal(Min, place) <= 0 && string.CompareOrdinal(place, Max) < 0;
}
