using PracticPro.Approvals.Published;
using PracticPro.Durable;

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
        .AddDurableWork(static registry => registry
            .AddOrchestration<AwaitApproval>(AwaitApproval.Name.Text)
            .AddActivity<TakeApprovalStep>(AwaitApproval.StepName.Text));
}
