namespace PracticPro.Simulation.Rotate;

/// <summary>
/// What was written of each sample: the revision that is stored for certain, and the one somebody tried to write. Each
/// sample has one writer.
/// </summary>
internal sealed class WrittenSamples(int count)
{
    private readonly int[] stored = new int[count];
    private readonly int[] tried = new int[count];

    public int Count => count;

    public int Stored(int number) => Volatile.Read(ref stored[number]);

    public int Tried(int number) => Volatile.Read(ref tried[number]);

    public void Try(int number, int revision) => Volatile.Write(ref tried[number], revision);

    public void Store(int number, int revision) => Volatile.Write(ref stored[number], revision);

    /// <summary>Whether what was read is whole, and was there at some moment since the reading began.</summary>
    /// <param name="storedBefore">What was stored for certain when the reading began.</param>
    public bool Allows(int number, int storedBefore, Sample? read)
    {
        var last = Tried(number);
        return read is null
            ? Enumerable.Range(storedBefore, last - storedBefore + 1).Any(Sample.IsGone)
            : read.Revision >= storedBefore && read.Revision <= last && !Sample.IsGone(read.Revision)
                && read == Sample.Of(number, read.Revision);
    }
}
