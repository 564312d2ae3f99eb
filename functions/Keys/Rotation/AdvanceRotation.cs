using PracticPro.Access;
using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Keys.Rotation;

/// <summary>
/// Takes one step of a practice's rotation. Each step is repeatable and is stored on the condition that the rotation is still
/// where the step began: a process that is killed anywhere leaves one that the next goes on with, and two that rotate at once
/// do the same work and keep it once.
/// </summary>
internal sealed class AdvanceRotation(
    TenantScopes scopes,
    IStorage storage,
    RotateTenantKey tenantKey,
    MakeGenerations makeGenerations,
    ResealPage resealPage,
    CountPage countPage,
    RetireGenerations retire,
    EndAllSessions endSessions,
    EndLeases endLeases,
    KeyRevocations revocations,
    RotationOptions options,
    TimeProvider time)
{
    public static readonly Actor Job = new Actor.Job("key-rotation");

    private static readonly TimeSpan AfterTrouble = TimeSpan.FromMinutes(1);

    /// <param name="Ended">There is nothing to do for this rotation: finished, or another took its place.</param>
    /// <param name="WaitUntil">When the next step is to be taken; null: now.</param>
    /// <param name="Rotation">As it is now; null when there is none of that id.</param>
    public sealed record Answer(bool Ended, DateTimeOffset? WaitUntil, KeyRotation? Rotation);

    public async Task<Answer> RunAsync(TenantId tenant, string id, CancellationToken cancellation)
    {
        var documents = storage.For(tenant).Documents;
        if (await KeyRotation.FindAsync(documents, cancellation) is not { } stored || stored.Value.Id != id)
        {
            return new Answer(true, null, null);
        }

        if (!stored.Value.IsUnderWay)
        {
            return new Answer(true, null, stored.Value);
        }

        var now = time.GetUtcNow();
        if (stored.Value.WaitUntil is { } until && now < until)
        {
            return new Answer(false, until, stored.Value);
        }

        try
        {
            var scope = new RotationScope(await scopes.OpenAsync(tenant, cancellation), stored, now);
            return await KeepAsync(scope, await TakeAsync(scope, cancellation), cancellation);
        }
        catch (KeysExpiredException)
        {
            // Somebody revoked the tenant's keys in the middle, perhaps this rotation's own other runner.
            return new Answer(false, null, stored.Value);
        }
        catch (UnexpectedFailureException gone) when (gone.Failure is Failure.Gone)
        {
            // The practice's keys were destroyed meanwhile: there is nothing left to rotate.
            return new Answer(true, null, stored.Value);
        }
        catch (Exception trouble) when (CodeOf(trouble) is not null)
        {
            return await NoteAsync(documents, stored, CodeOf(trouble)!, cancellation);
        }
    }

    private static string? CodeOf(Exception trouble) => trouble switch
    {
        KeyStoreUnavailableException unavailable => unavailable.Failure.Code,
        UnexpectedFailureException unexpected => unexpected.Failure.Code,
        TamperedRecordException => "record-tampered",
        _ => null,
    };

    private Task<RotationStep> TakeAsync(RotationScope scope, CancellationToken cancellation) => scope.Rotation.Stage switch
    {
        RotationStage.EndSessions => EndSessionsAsync(scope, cancellation),
        RotationStage.RenewKey => tenantKey.RenewAsync(scope, cancellation),
        RotationStage.Rewrap => tenantKey.RewrapAsync(scope, cancellation),
        RotationStage.MakeGenerations => makeGenerations.MakeAsync(scope, cancellation),
        RotationStage.SetMoment => makeGenerations.SetMomentAsync(scope, cancellation),
        RotationStage.Announce or RotationStage.AnnounceAgain => AnnounceAsync(scope, cancellation),
        RotationStage.AwaitMoment => Task.FromResult(makeGenerations.AwaitMoment(scope)),
        RotationStage.Reseal => resealPage.RunAsync(scope, cancellation),
        RotationStage.Settle => Task.FromResult(new RotationStep(scope.MovedOn)),
        RotationStage.Count => countPage.RunAsync(scope, cancellation),
        RotationStage.Retire => retire.RunAsync(scope, cancellation),
        RotationStage.SwitchOff => tenantKey.SwitchOffAsync(scope, cancellation),
        _ => throw new InvalidOperationException("A rotation at no known stage."),
    };

    private async Task<RotationStep> EndSessionsAsync(RotationScope scope, CancellationToken cancellation)
    {
        await endSessions.RunAsync(scope.Tenant.Tenant, Job, EndAllSessions.Reason.Compromised, cancellation);
        await endLeases.RunAsync(scope.Tenant.Tenant, Job, cancellation);
        return new RotationStep(scope.MovedOn);
    }

    /// <summary>This process's own keys are zeroed by it as well; the write that follows needs none.</summary>
    private async Task<RotationStep> AnnounceAsync(RotationScope scope, CancellationToken cancellation)
    {
        var heardBy = await revocations.AnnounceAsync(scope.Tenant.Tenant, cancellation);
        if (scope.Rotation.Stage == RotationStage.Announce)
        {
            return new RotationStep(scope.MovedOn with { WaitUntil = heardBy });
        }

        // What still seals with the old generation ends here, however late this comes: settling counts from it.
        return new RotationStep(scope.MovedOn with { WaitUntil = heardBy, SealsFrom = heardBy });
    }

    private async Task<Answer> KeepAsync(RotationScope scope, RotationStep step, CancellationToken cancellation)
    {
        var next = step.Next.IsUnderWay ? step.Next : step.Next with { FinishedAt = scope.Now };
        List<Operation> operations = [.. step.With, next.Put(Condition.Is(scope.Stored.Version))];
        if (!next.IsUnderWay)
        {
            operations.AddRange(scope.Tenant.Audit.Compose(Finished(next)));
        }

        var outcome = await scope.Tenant.Storage.Documents.CommitAsync(new Batch(operations), cancellation);

        // Lost: another runner moved it on, or a key that was read is another now. What is there now is looked at anew.
        var pause = options.PauseAfter(step.Documents);
        return outcome is CommitOutcome.Committed
            ? new Answer(!next.IsUnderWay, next.WaitUntil ?? (pause > TimeSpan.Zero ? time.GetUtcNow() + pause : null), next)
            : new Answer(false, null, scope.Rotation);
    }

    private static AuditEntry Finished(KeyRotation rotation) => new AuditEntry(Job, AuditAct.KeysRotated)
        .On("rotation", rotation.Id)
        .Counting("resealed", rotation.Resealed)
        .Counting("kept", rotation.Kept.Length);

    private async Task<Answer> NoteAsync(
        IDocuments documents, StoredRotation stored, string code, CancellationToken cancellation)
    {
        var until = time.GetUtcNow() + AfterTrouble;
        var noted = stored.Value with { Trouble = code, WaitUntil = until };
        await documents.CommitAsync(new Batch([noted.Put(Condition.Is(stored.Version))]), cancellation);
        return new Answer(false, until, noted);
    }
}
