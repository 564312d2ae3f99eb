namespace PracticPro.FunctionsHost;

/// <summary>Everything drawn by lot, from one seed: ids, moments, and where a fault strikes. Safe to share.</summary>
internal sealed class Dice(int seed)
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);

    public Guid NextGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (_gate)
        {
            _random.NextBytes(bytes);
        }

        bytes[7] = (byte)((bytes[7] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes);
    }

    /// <summary>A number from 0 to the bound, the bound excluded.</summary>
    public int Below(int bound)
    {
        lock (_gate)
        {
            return _random.Next(bound);
        }
    }

    /// <summary>True in about so many of a hundred draws.</summary>
    public bool Chance(int percent) => percent > 0 && Below(100) < percent;
}
