using PracticPro.Audit;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Approvals;

/// <summary>One approved call to a connected account: made once, looked up whenever its answer was not clear (APR-3).</summary>
internal sealed class WriteOnce(SendApproved send)
{
    /// <summary>What to do when what stands at the provider is not what was shown.</summary>
    public delegate Task<DateTimeOffset?> Overtaken(TenantScope scope, Stored<Approval> stored, CancellationToken cancellation);

    public async Task<DateTimeOffset?> SendAsync<TOrder>(
        IProviderWriter<TOrder> writer,
        TenantScope scope,
        Stored<Approval> stored,
        Overtaken overtaken,
        CancellationToken cancellation)
        where TOrder : notnull
    {
        if (await send.NoteAttemptAsync(scope, stored, cancellation) is not { } attempted)
        {
            return null;
        }

        var approval = attempted.Value;
        var outcome = await writer.WriteAsync(
            scope.Tenant, approval.Connection!.Value, SendApproved.Permit(scope, approval), approval.Write!, cancellation);
        return outcome switch
        {
            WriteOutcome.Done done => await send.ConfirmAsync(scope, attempted, done.ProviderId, cancellation),
            WriteOutcome.NotDone notDone => await send.NotSentAsync(scope, attempted, notDone.Why, cancellation),
            WriteOutcome.Overtaken => await overtaken(scope, attempted, cancellation),
            _ => send.PauseBeforeLook(approval.Progress!.LooksAfter),
        };
    }

    public async Task<DateTimeOffset?> LookUpAsync<TOrder>(
        IProviderWriter<TOrder> writer,
        TOrder order,
        TenantScope scope,
        Stored<Approval> stored,
        Overtaken overtaken,
        CancellationToken cancellation)
        where TOrder : notnull
    {
        var approval = stored.Value;
        var look = await writer.LookUpAsync(scope.Tenant, approval.Connection!.Value, order, approval.Write!, cancellation);
        if (!look.Try(out var trace, out var why))
        {
            return SendApproved.IsPassing(why)
                ? await send.TroubleAsync(scope, stored, why, cancellation)
                : await send.FoundNothingAsync(scope, stored, cancellation);
        }

        switch (trace)
        {
            case WriteTrace.Done done:
                return await send.ConfirmAsync(scope, stored, done.ProviderId, cancellation);

            // A second try cannot do it twice, even if the first is still under way: the provider takes one of the two.
            case WriteTrace.NotDone:
                var looks = approval.Progress!.LooksAfter + 1;
                await ApprovalWrites.NoteAsync(
                    scope, stored, now => now with { AttemptedAt = null, LooksAfter = looks }, null, cancellation);
                return send.PauseBeforeLook(looks);
            case WriteTrace.Overtaken:
                return await overtaken(scope, stored, cancellation);
            default:
                return await send.FoundNothingAsync(scope, stored, cancellation);
        }
    }
}
