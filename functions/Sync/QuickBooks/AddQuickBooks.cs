using PracticPro.Sync.Books;
using PracticPro.Sync.Connectors;
using PracticPro.Sync.Webhooks;
using PracticPro.Vault;

namespace PracticPro.Sync.QuickBooks;

/// <summary>Registers the connector and the receiver of its notifications.</summary>
internal static class QuickBooksRegistration
{
    public static IServiceCollection AddQuickBooks(this IServiceCollection services) => services
        .AddSingleton<IConnector, QuickBooksConnector>()
        .AddSealedKinds(BookKinds.Customer.Sealed, BookKinds.Invoice.Sealed, BookKinds.Payment.Sealed)
        .AddSingleton<IWebhook, QuickBooksWebhook>();
}
