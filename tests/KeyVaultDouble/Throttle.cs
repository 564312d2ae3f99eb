namespace PracticPro.KeyVaultDouble;

/// <summary>
/// The vault's budget: so many units within each ten seconds. The weights follow the service's table of limits (operations
/// a vault and region within ten seconds, keys in software): 4,000 with RSA 2048 or EC, 1,000 with RSA 3072, 500 with
/// RSA 4096, 20 creations.
/// </summary>
internal sealed class Throttle(int? units, TimeProvider time)
{
    public const int CostOfCreation = 200;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly long start = time.GetTimestamp();
    private long window;
    private int used;

    public static int CostOfUse(KeptVersion? version) => version switch
    {
        { Kind: "RSA", Bits: 3072 } => 4,
        { Kind: "RSA", Bits: 4096 } => 8,
        _ => 1,
    };

    /// <exception cref="Refusal">The budget of this window is spent; says when the next one begins.</exception>
    public void Take(int cost)
    {
        if (units is not { } allowed)
        {
            return;
        }

        lock (gate)
        {
            var elapsed = time.GetElapsedTime(start);
            var now = elapsed.Ticks / Window.Ticks;
            (window, used) = now == window ? (window, used) : (now, 0);
            if (used + cost > allowed)
            {
                throw Refusal.Throttled(TimeSpan.FromTicks(((now + 1) * Window.Ticks) - elapsed.Ticks));
            }

            used += cost;
        }
    }
}
