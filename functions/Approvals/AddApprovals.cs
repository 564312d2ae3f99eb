using PracticPro.Approvals.Published;
using PracticPro.Durable;
using PracticPro.Vault;

namespace PracticPro.Approvals;

/// <summary>
/// Registers this room. Needs the grounds, Sync's and Tasks' published parts and <see cref="ApprovalOptions"/>.
/// </summary>
internal static class ApprovalRegistration
{
    public static IServiceCollection AddApprovals(this IServiceCollection services) => services
        .AddSingleton<GatherGateFacts>()
        .AddSingleton<ComposeAction>()
        .AddSingleton<PutUp>()
        .AddSingleton<ProposeMail>()
        .AddSingleton<ProposeEvent>()
        .AddSingleton<ProposeTask>()
        .AddSingleton<DecideApproval>()
        .AddSingleton<EditApproval>()
        .AddSingleton<ReadApprovals>()
        .AddSingleton<ListSenders>()
        .AddSingleton<ReleaseApproval>()
        .AddSingleton<ShowTargetAnew>()
        .AddSingleton<SendApproved>()
        .AddSingleton<SendMail>()
        .AddSingleton<WriteOnce>()
        .AddSingleton<WriteEvent>()
        .AddSingleton<WriteTask>()
        .AddSealedKinds(ApprovalKinds.Approval.Sealed, ApprovalKinds.Attachment.Sealed, ApprovalKinds.Policy.Sealed)
        .AddDurableWork(static registry => registry
            .AddOrchestration<AwaitApproval>(AwaitApproval.Name.Text)
            .AddActivity<TakeApprovalStep>(AwaitApproval.StepName.Text));
}
