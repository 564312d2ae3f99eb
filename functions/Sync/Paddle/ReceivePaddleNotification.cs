using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Sync.Paddle;

/// <summary>
/// Takes a notification of Paddle's: proven over its bytes before anything in it is read, put away sealed under the practice it is
/// about, once for each event however often and under whichever notification it comes. It stops there: applying it to a
/// subscription belongs to a room that is not built yet. One that names no practice of ours is not acknowledged: Paddle tries for
/// three days and then shows it as failed, where a person sees it.
/// </summary>
internal sealed class ReceivePaddleNotification(
    FleetDirectory fleet, TenantScopes scopes, SyncOptions options, SyncMeter meter, TimeProvider time)
{
    private const string Name = "paddle";

    /// <exception cref="Exception">The store or the keys cannot be used; Paddle sends it again.</exception>
    public async Task<Outcome<Done>> RunAsync(string? signature, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (!PaddleProof.Holds(options.PaddleSecrets, options.PaddleTolerance, now, signature, body.Span))
        {
            return Refused(new SyncFailures.PushUnproven());
        }

        if (BillingEnvelope.Read(body) is not { } envelope)
        {
            return Refused(new SyncFailures.PushMalformed());
        }

        // Asked of the directory first: to open a practice that is not there would make it.
        if (!TenantId.TryParse(envelope.Practice, out var practice)
            || !await TenantDirectory.HasAsync(fleet, practice, cancellation)
            || await scopes.FindAsync(practice, cancellation) is not { } scope)
        {
            return Refused(new SyncFailures.NoticeForNobody());
        }

        var notice = new BillingNotice(envelope.Event, envelope.Kind, envelope.HappenedAt, now, body.ToArray());
        var outcome = await scope.CommitAsync([scope.Put(BillingNotice.Kept, notice, Condition.Absent)], cancellation);
        if (outcome is not CommitOutcome.Committed
            && await scope.FindAsync(BillingNotice.Kept, envelope.Event, cancellation) is null)
        {
            return new SyncFailures.ProviderDown();
        }

        meter.PushTaken(Name);
        return Done.Value;
    }

    private Outcome<Done> Refused(Failure why)
    {
        meter.PushRefused(Name, why.Code);
        return why;
    }
}
