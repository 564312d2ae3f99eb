using PracticPro.Assistant.Published;
using PracticPro.Durable;
using PracticPro.Vault;

namespace PracticPro.Assistant;

/// <summary>Registers this room. The offline drafter is the default: it needs nothing and tells nobody anything.</summary>
internal static class AssistantRegistration
{
    public static IServiceCollection AddAssistant(this IServiceCollection services) => services
        .AddSingleton<IDrafter, OfflineDrafter>()
        .AddSingleton<RequestDrafts>()
        .AddSingleton<ReadDrafts>()
        .AddSealedKinds(AssistantKinds.Draft.Sealed)
        .AddDurableWork(static registry => registry
            .AddOrchestration<DraftReplies>(DraftReplies.Name.Text)
            .AddActivity<DraftReplies.Suggest>(DraftReplies.StepName.Text));
}
