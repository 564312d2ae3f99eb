using PracticPro.Sync.Connectors;
using PracticPro.Sync.Outbound;
using PracticPro.Sync.Published;
using PracticPro.Sync.Webhooks;

namespace PracticPro.Sync.Outlook;

/// <summary>Registers the connector, and its ways out: letters, events and tasks.</summary>
internal static class OutlookRegistration
{
    public static IServiceCollection AddOutlook(this IServiceCollection services) => services
        .AddSingleton<OutlookAccounts>()
        .AddSingleton<OutlookChannels>()
        .AddSingleton<OutlookConnector>()
        .AddSingleton<IConnector>(static services => services.GetRequiredService<OutlookConnector>())
        .AddSingleton<IWebhook, OutlookWebhook>()
        .AddSingleton<OutlookSender>()
        .AddSingleton<OutlookEventWriter>()
        .AddSingleton<OutlookTaskWriter>()
        .AddSingleton(static services => new ProviderPort<IMailSender>(
            OutlookConnector.Name, services.GetRequiredService<OutlookSender>()))
        .AddSingleton(static services => new ProviderPort<IEventWriter>(
            OutlookConnector.Name, services.GetRequiredService<OutlookEventWriter>()))
        .AddSingleton(static services => new ProviderPort<ITaskWriter>(
            OutlookConnector.Name, services.GetRequiredService<OutlookTaskWriter>()));
}
