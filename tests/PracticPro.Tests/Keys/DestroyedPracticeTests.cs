using PracticPro.Durable;
using PracticPro.Durable.History;
using PracticPro.Hosting.Http;
using PracticPro.Kernel;
using PracticPro.Keys.Destruction;
using PracticPro.Tests.Support;
using PracticPro.Vault;

namespace PracticPro.Tests.Keys;

/// <summary>A practice that lives, with a mailbox in step, and then has no keys any more.</summary>
[Trait("Promise", "ENC-4")]
public sealed class DestroyedPracticeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_workflows_end_whoever_signs_in_is_refused_plainly_and_the_workflow_carries_it_to_the_end()
    {
        await using var premises = await Premises.ConnectedAsync();
        var other = await premises.FoundAsync("Other Clinic", "other@practice.example");
        (await premises.Get<AskDestruction>().RunAsync(premises.Tenant, premises.Owner.Actor, Cancellation)).Expect();

        // What fails meanwhile fails the test: settling looks for failed workflows.
        await premises.PassUntilAsync(
            async () => (await premises.Get<DestructionShelf>().FindAsync(premises.Tenant, Cancellation))!.Value.State == KeyEndState.Final,
            TimeSpan.FromSeconds(5));
        await premises.PassAsync(TimeSpan.FromMinutes(6));

        var own = await premises.Get<HubClient>().ListAsync(
            new InstanceQuery(IdPrefix: $"{premises.Tenant}:"), null, Cancellation);
        Assert.NotEmpty(own.Items);
        Assert.All(own.Items, instance => Assert.Equal(OrchestrationStatus.Completed, instance.Status));
        var refused = await Assert.ThrowsAsync<UnexpectedFailureException>(
            async () => await premises.SignInAsync("owner@practice.example"));
        var problem = FailureMap.Of(refused)!;
        Assert.Equal((410, "tenant-key-destroyed"), (problem.Status, problem.Code));
        Assert.Equal(other.Tenant, (await premises.SignInAsync("other@practice.example")).Tenant);
        var status = await premises.Get<IShreddingStatus>().NowAsync(Cancellation);
        Assert.Null(status!.Trouble);
    }

    [Fact]
    public void What_is_gone_for_good_is_not_tried_again_by_a_workflow()
    {
        var failure = FailureDetails.Of(new UnexpectedFailureException(new VaultFailures.TenantKeyDestroyed()));

        Assert.Equal(("tenant-key-destroyed", true), (failure.Code, failure.NonRetriable));
        Assert.False(FailureDetails.Of(new UnexpectedFailureException(new VaultFailures.TenantKeyDisabled())).NonRetriable);
    }
}
