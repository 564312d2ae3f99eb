using PracticPro.Approvals.Published;
using PracticPro.Durable;
using PracticPro.Vault;

namespace PracticPro.Approvals;

/// <summary>Registers this room. Needs the grounds, Sync's published parts and <see cref="ApprovalOptions"/>.</summary>
internal static class ApprovalRegistration
{
    public static IServiceCollection AddApprovals(this IServiceCollection services) => services
        .AddSingleton<GatherGateFacts>()
        .AddSingleton<ProposeMail>()
        .AddSingleton<DecideApproval>()
        .AddSingleton<EditApproval>()
        .AddSingleton<ReadApprovals>()
        .AddSingleton<ReleaseApproval>()
        .AddSingleton<SendApproved>()
        .AddSealedKinds(ApprovalKinds.Approval.Sealed, ApprovalKinds.Policy.Sealed)
        .AddDurableWork(static registry => registry
            .AddOrchestration<AwaitApproval>(AwaitApproval.Name.Text)
            .AddActivity<TakeApprovalStep>(AwaitApproval.StepName.Text));
}
