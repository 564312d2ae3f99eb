using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Queues;
using PracticPro.Egress;
using PracticPro.Hosting.OnAzure;

namespace PracticPro.Hosting.Functions.Workflows;

/// <summary>
/// Opens the queue the bell rings through, by the settings that the host itself uses for its storage:
/// <c>AzureWebJobsStorage</c> (a connection string), or <c>AzureWebJobsStorage__queueServiceUri</c> or
/// <c>__accountName</c>, where the app signs in as itself (<c>__clientId</c> says as whom).
/// </summary>
internal static class BellQueue
{
    private const string Setting = "AzureWebJobsStorage";

    /// <exception cref="SettingsException">None of the settings is there, or one cannot be read.</exception>
    public static QueueClient Open(IConfiguration configuration) =>
        Open(configuration, static home => PlatformDoor.Only(home), client => AppIdentity.Managed(client, configuration));

    /// <inheritdoc cref="Open(IConfiguration)"/>
    /// <param name="doors">Makes a handler that leads to one address and nowhere else.</param>
    /// <param name="identityOf">Signs the app in: as the identity of that client id, or as the only one it has.</param>
    public static QueueClient Open(
        IConfiguration configuration, Func<Uri, HttpMessageHandler> doors, Func<string?, TokenCredential> identityOf)
    {
        var section = configuration.GetSection(Setting);
        try
        {
            if (section.Value is { Length: > 0 } connection)
            {
                return WithConnection(connection, doors);
            }

            var service = section["queueServiceUri"]
                ?? (section["accountName"] is { Length: > 0 } account ? $"https://{account}.queue.core.windows.net" : null);
            return service is null
                ? throw new SettingsException([$"{Setting} is not set: it names the storage account of the app."])
                : AsItself(new Uri(service), identityOf(section["clientId"]), doors);
        }
        catch (Exception unreadable) when (unreadable is FormatException or ArgumentException)
        {
            throw new SettingsException([$"{Setting} cannot be read."]);
        }
    }

    private static QueueClient WithConnection(string connection, Func<Uri, HttpMessageHandler> doors)
    {
        // Asked once for its address alone, since only that may be reached by the one that is used.
        var address = new QueueClient(connection, OrderFunctions.Bell).Uri;
        return new QueueClient(connection, OrderFunctions.Bell, Through(doors(address)));
    }

    private static QueueClient AsItself(Uri service, TokenCredential identity, Func<Uri, HttpMessageHandler> doors)
    {
        var address = new Uri($"{service.AbsoluteUri.TrimEnd('/')}/{OrderFunctions.Bell}");
        return new QueueClient(address, identity, Through(doors(address)));
    }

    private static QueueClientOptions Through(HttpMessageHandler handler) => new()
    {
        MessageEncoding = QueueMessageEncoding.Base64,
        Transport = new HttpClientTransport(handler),
        Diagnostics = { IsLoggingEnabled = false, IsTelemetryEnabled = false, IsDistributedTracingEnabled = false },
        Retry = { MaxRetries = 3, NetworkTimeout = TimeSpan.FromSeconds(20) },
    };
}
