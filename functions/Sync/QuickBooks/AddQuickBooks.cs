using PracticPro.Sync.Connectors;

namespace PracticPro.Sync.QuickBooks;

/// <summary>Registers the connector and the receiver of its notifications.</summary>
internal static class QuickBooksRegistration
{
    public static IServiceCollection AddQuickBooks(this IServiceCollection services) => services
        .AddSingleton<IConnector, QuickBooksConnector>()
        .AddSingleton<NudgeCompany>()
        .AddSingleton<ReceiveBookNotice>();
}
