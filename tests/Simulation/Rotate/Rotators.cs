using System.Collections.Concurrent;
using PracticPro.Kernel;
using PracticPro.Keys.Rotation;
using PracticPro.Vault;

namespace PracticPro.Simulation.Rotate;

/// <summary>
/// The programs that rotate: as many at once as the run says, each with a fate, and another in the place of each that was
/// killed, until the rotation is finished.
/// </summary>
internal sealed class Rotators(RotateOrder order, Stores stores, IKeyEncryption encryption, Pacer pacer, Tally tally)
{
    /// <summary>Writes before the records' turn: half of the ends are there.</summary>
    private const int FirstWrites = 24;

    private readonly Random random = new(order.Seed);
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<FateKind, int> fates = [];
    private readonly Queue<(FateKind Kind, int At)> planned = new(order.Planned);
    private int left = order.Deaths;

    /// <summary>The rotation as it ended.</summary>
    public KeyRotation? Rotation { get; private set; }

    public TimeSpan Sealing { get; private set; }

    /// <summary>How many met which.</summary>
    public IReadOnlyDictionary<FateKind, int> Fates => fates;

    public Task RunAsync(TenantId tenant, CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, order.AtOnce).Select(_ => Task.Run(() => LiveAsync(tenant, cancellation), cancellation)));

    private async Task LiveAsync(TenantId tenant, CancellationToken cancellation)
    {
        while (Rotation is null)
        {
            var time = pacer.ForRotation();
            var fate = Draw(time);
            using var program = new RotatingProgram(
                Mortal.Of(stores.Storage, fate), Mortal.Of(stores.Fleet, fate), Mortal.Of(encryption, fate), time, order.Rotation);
            try
            {
                var ended = await program.RunAsync(tenant, order.Reason, cancellation);
                Rotation = ended;
            }
            catch (KilledException)
            {
                // The next one goes on.
            }
            catch (Exception trouble) when (!cancellation.IsCancellationRequested)
            {
                tally.Fault($"A program that rotates ended by itself: {trouble.GetType().Name}, {trouble.Message}");
                throw;
            }
            finally
            {
                pacer.Forget(time);
                Count(fate, program.Sealing);
            }
        }
    }

    private Fate Draw(TimeProvider time)
    {
        lock (gate)
        {
            if (planned.TryDequeue(out var end))
            {
                return new Fate(end.Kind, end.At, time);
            }

            if (left == 0)
            {
                return new Fate(FateKind.Lives, 0, time);
            }

            left--;
            var kind = random.GetItems([FateKind.DiesBefore, FateKind.DiesAfter, FateKind.Sleeps, FateKind.SleepsBeforeKeys], 1)[0];
            var last = random.Next(2) == 0 ? FirstWrites : FirstWrites + (order.Records / 50);
            return new Fate(kind, 1 + random.Next(kind == FateKind.SleepsBeforeKeys ? 3 : last), time);
        }
    }

    private void Count(Fate fate, TimeSpan sealing)
    {
        lock (gate)
        {
            Sealing += sealing;
            fates.AddOrUpdate(fate.IsAvoided ? FateKind.Lives : fate.Kind, 1, static (_, count) => count + 1);
        }
    }
}
