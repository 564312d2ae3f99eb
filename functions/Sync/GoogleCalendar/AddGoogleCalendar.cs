using PracticPro.Sync.Connectors;
using PracticPro.Sync.Outbound;
using PracticPro.Sync.Published;
using PracticPro.Sync.Webhooks;

namespace PracticPro.Sync.GoogleCalendar;

/// <summary>Registers the connector.</summary>
internal static class GoogleCalendarRegistration
{
    public static IServiceCollection AddGoogleCalendar(this IServiceCollection services) => services
        .AddSingleton<GoogleCalendars>()
        .AddSingleton<CalendarChannels>()
        .AddSingleton<GoogleCalendarConnector>()
        .AddSingleton<IConnector>(static services => services.GetRequiredService<GoogleCalendarConnector>())
        .AddSingleton<IWebhook, CalendarWebhook>()
        .AddSingleton<GoogleEventWriter>()
        .AddSingleton(static services => new ProviderPort<IEventWriter>(
            GoogleCalendarConnector.Name, services.GetRequiredService<GoogleEventWriter>()));
}
