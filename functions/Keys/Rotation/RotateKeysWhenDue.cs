using PracticPro.Durable;
using PracticPro.Durable.Triggers;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Keys.Rotation;

/// <summary>
/// Begins the rotation of every practice whose keys have come of age, and goes on with one whose workflow was lost. One that cannot be looked at does not keep the others
/// from it.
/// </summary>
internal sealed partial class RotateKeysWhenDue(
    IFleet fleet,
    IStorage storage,
    IKeyEncryption encryption,
    BeginRotation begin,
    QueueBell bell,
    RotationOptions options,
    TimeProvider time,
    ILogger<RotateKeysWhenDue> logger)
{
    [Function("rotate-keys-when-due")]
    public static Task RunAsync(
        [TimerTrigger("0 40 3 * * *")] TimerTick tick, RotateKeysWhenDue rotate, CancellationToken cancellation) =>
        rotate.RunAsync(cancellation);

    /// <summary>How many rotations were begun.</summary>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var begun = 0;
        await foreach (var tenant in fleet.TenantsAsync(cancellation))
        {
            try
            {
                begun += await LookAsync(tenant, cancellation) ? 1 : 0;
            }
            catch (Exception trouble) when (!cancellation.IsCancellationRequested)
            {
                LogTrouble(logger, trouble.GetType().Name);
            }
        }

        return begun;
    }

    private async Task<bool> LookAsync(TenantId tenant, CancellationToken cancellation)
    {
        var documents = storage.For(tenant).Documents;
        var keys = (await new DataKeyStore(documents, encryption, time).ReadAsync(cancellation))
            .ConvertAll(static stored => stored.Record);
        if (keys.Count == 0)
        {
            // Nothing was ever sealed here, or all keys were destroyed.
            return false;
        }

        var versions = await encryption.VersionsAsync(tenant, cancellation);
        if (versions.Failure is Failure.Gone)
        {
            // The tenant's key was destroyed on purpose; what lies here came back by a restore and opens no more.
            return false;
        }

        var last = (await KeyRotation.FindAsync(documents, cancellation))?.Value;
        if (last is { IsUnderWay: true })
        {
            await GoOnAsync(tenant, last, cancellation);
            return false;
        }

        return RotationDue.Judge(keys, versions.Expect()[^1].Version, last, time.GetUtcNow(), options) is { } reason
            && (await begin.RunAsync(tenant, reason, AdvanceRotation.Job, cancellation)).Failure is null;
    }

    /// <summary>
    /// Its workflow may be lost: with a task hub that is not in a backup, or after too many tries. Starting one that runs is
    /// starting nothing.
    /// </summary>
    private async Task GoOnAsync(TenantId tenant, KeyRotation rotation, CancellationToken cancellation)
    {
        var day = IndexText.Time(time.GetUtcNow())[..10];
        var order = WorkflowOutbox.Start(
            RotateKeys.Name, RotateKeys.InstanceOf(tenant, rotation.Id), new(tenant, rotation.Id), $"rotate.{rotation.Id}.{day}");
        await storage.For(tenant).Documents.CommitAsync(new Batch([order]), cancellation);
        bell.Ring(tenant);
    }

    [LoggerMessage(230, LogLevel.Error, "Whether a practice's keys are due could not be looked at ({Kind}).")]
    private static partial void LogTrouble(ILogger logger, string kind);
}
