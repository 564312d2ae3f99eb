using PracticPro.Audit;
using PracticPro.Keys;
using PracticPro.Keys.Rotation;
using PracticPro.Storage;
using PracticPro.Tests.Support;
using PracticPro.Vault;

namespace PracticPro.Tests.Keys;

/// <summary>A rotation by its workflow, over all rooms of the program with mail in them.</summary>
public sealed class RotationJourneyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task A_practice_that_works_is_rotated_by_its_workflow_and_stays_in_step()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 12 });
        await premises.PassUntilAsync(premises.IsInStepAsync);
        var begun = await premises.Get<BeginRotation>().RunAsync(
            premises.Tenant, RotationReason.Asked, premises.Owner.Actor, Cancellation);
        Assert.Null(begun.Failure);

        await premises.PassUntilAsync(() => FinishedAsync(premises), TimeSpan.FromMinutes(1));

        var described = await premises.Get<DescribeKeys>().RunAsync(premises.Tenant, Cancellation);
        Assert.All(
            described.Purposes.Where(purpose => purpose.Purpose != DataKeyRecord.IndexUse),
            purpose => Assert.Equal(2u, Assert.Single(purpose.Generations).Generation));
        Assert.True(described.Rotation!.Resealed > 24);
        Assert.Empty(described.Rotation.Kept);
        Assert.Single(await premises.LeavesAsync(AuditAct.KeysRotationBegun));
        Assert.Single(await premises.LeavesAsync(AuditAct.KeysRotated));
        await premises.AssertInStepAsync();
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task A_program_that_is_killed_while_it_rotates_goes_on_after_its_start()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 12 });
        await premises.PassUntilAsync(premises.IsInStepAsync);
        await premises.Get<BeginRotation>().RunAsync(
            premises.Tenant, RotationReason.DataKeysDue, AdvanceRotation.Job, Cancellation);
        await premises.PassUntilAsync(
            async () => await StageAsync(premises) >= RotationStage.AwaitMoment, TimeSpan.FromSeconds(10));

        await premises.RestartAsync();

        await premises.PassUntilAsync(() => FinishedAsync(premises), TimeSpan.FromMinutes(1));
        await premises.AssertInStepAsync();
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task A_practice_whose_keys_are_of_age_is_begun_by_the_schedule_and_only_once()
    {
        await using var premises = await Premises.OpenAsync(new() { Letters = 0 });
        Assert.Equal(0, await premises.Get<RotateKeysWhenDue>().RunAsync(Cancellation));

        premises.Clock.Advance(TimeSpan.FromDays(91));

        Assert.Equal(1, await premises.Get<RotateKeysWhenDue>().RunAsync(Cancellation));
        await premises.PassUntilAsync(() => FinishedAsync(premises), TimeSpan.FromMinutes(1));
        Assert.Equal(0, await premises.Get<RotateKeysWhenDue>().RunAsync(Cancellation));
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task A_rotation_whose_workflow_is_lost_is_gone_on_with_by_the_schedule()
    {
        await using var premises = await Premises.OpenAsync(new() { Letters = 0 });
        var rotation = new KeyRotation(
            "lost", RotationReason.TenantKeyDue, AdvanceRotation.Job.Label, premises.Clock.GetUtcNow(), RotationStage.RenewKey);
        await premises.Get<IStorage>().For(premises.Tenant).Documents.CommitAsync(
            new Batch([rotation.Put(Condition.Absent)]), Cancellation);

        Assert.Equal(0, await premises.Get<RotateKeysWhenDue>().RunAsync(Cancellation));

        await premises.PassUntilAsync(() => FinishedAsync(premises), TimeSpan.FromMinutes(1));
    }

    private static async Task<bool> FinishedAsync(Premises premises) => await StageAsync(premises) == RotationStage.Finished;

    private static async Task<RotationStage> StageAsync(Premises premises) =>
        (await KeyRotation.FindAsync(premises.Get<IStorage>().For(premises.Tenant).Documents, Cancellation))!.Value.Stage;
}
