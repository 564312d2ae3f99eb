using Azure.Core;
using Azure.Core.Pipeline;

namespace PracticPro.Storage.Drivers.StorageAccount;

/// <summary>How a storage client of the SDK is set up: through our own door, silent, patient for so long and no longer.</summary>
internal static class ClientSetup
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <param name="handler">Leads to the account and nowhere else.</param>
    /// <param name="patience">For one request.</param>
    public static T Through<T>(this T options, HttpMessageHandler handler, TimeSpan patience, int retries)
        where T : ClientOptions
    {
        options.Transport = new HttpClientTransport(handler);
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        options.Diagnostics.IsDistributedTracingEnabled = false;
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.Delay = FirstPause;
        options.Retry.MaxDelay = LongestPause;
        options.Retry.MaxRetries = retries;
        options.Retry.NetworkTimeout = patience;
        return options;
    }
}
