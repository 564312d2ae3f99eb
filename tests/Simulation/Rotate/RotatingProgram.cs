using System.Diagnostics;
using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Keys;
using PracticPro.Keys.Rotation;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Simulation.Rotate;

/// <summary>A program that rotates, put together as in production, over ports that may be mortal.</summary>
internal sealed class RotatingProgram : IDisposable
{
    private static readonly SealedKinds Kinds = new(
        [.. Sample.Kinds.Select(static kind => kind.Sealed), AuditValues.Sealed],
        [new PlainKind(KeyRotation.Documents.Name)]);

    private readonly IStorage storage;
    private readonly TimeProvider time;
    private readonly KeyRevocations revocations;
    private readonly KeyRing ring;
    private readonly BeginRotation begin;
    private readonly AdvanceRotation advance;

    public RotatingProgram(IStorage storage, IFleet fleet, IKeyEncryption encryption, TimeProvider time, RotationOptions options)
    {
        (this.storage, this.time) = (storage, time);
        var keys = new KeyRingOptions();
        revocations = new KeyRevocations(fleet, time);
        ring = new KeyRing(storage, encryption, time, keys, revocations);
        var scopes = new TenantScopes(storage, ring, new QueueBell(), time);
        begin = new BeginRotation(scopes, time);
        advance = new AdvanceRotation(
            scopes,
            storage,
            new RotateTenantKey(encryption, time),
            new MakeGenerations(encryption, keys, time),
            new ResealPage(Kinds, options),
            new CountPage(Kinds, options),
            new RetireGenerations(encryption, time),
            new EndAllSessions(scopes),
            new EndLeases(storage, time),
            revocations,
            options,
            time);
    }

    /// <summary>How long its steps took in which records were sealed anew.</summary>
    public TimeSpan Sealing { get; private set; }

    /// <summary>Begins the practice's first rotation, or goes on with it, until it is finished.</summary>
    /// <returns>The rotation as it ended.</returns>
    public async Task<KeyRotation> RunAsync(TenantId tenant, RotationReason reason, CancellationToken cancellation)
    {
        var rotation = await FindAsync(tenant, cancellation);
        if (rotation is null)
        {
            // Two may begin at once: then one of them is told that it is under way.
            await begin.RunAsync(tenant, reason, AdvanceRotation.Job, cancellation);
            rotation = await FindAsync(tenant, cancellation);
        }

        while (rotation!.IsUnderWay)
        {
            var (stage, from) = (rotation.Stage, Stopwatch.GetTimestamp());
            var answer = await advance.RunAsync(tenant, rotation.Id, cancellation);
            Sealing += stage == RotationStage.Reseal ? Stopwatch.GetElapsedTime(from) : TimeSpan.Zero;
            rotation = answer.Rotation ?? throw new InvalidOperationException("The rotation is gone.");
            if (!answer.Ended && answer.WaitUntil - time.GetUtcNow() is { } wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellation);
            }
        }

        return rotation;
    }

    public void Dispose()
    {
        ring.Dispose();
        revocations.Dispose();
    }

    private async Task<KeyRotation?> FindAsync(TenantId tenant, CancellationToken cancellation) =>
        (await KeyRotation.FindAsync(storage.For(tenant).Documents, cancellation))?.Value;
}
