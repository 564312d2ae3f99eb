namespace PracticPro.Storage.Drivers.AzureQueues;

/// <summary>
/// Section <c>Azure:Queues</c>: the storage account that holds the platform's queues. Under the Functions host it is the
/// account of <c>AzureWebJobsStorage</c>, which the host itself reads them in. No key: the program signs in as itself.
/// </summary>
internal sealed class AzureQueueOptions
{
    /// <summary>The account's queue endpoint, <c>https://NAME.queue.core.windows.net</c>. Empty: there are no such queues.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>Makes queues that are missing. For development: <c>infra/</c> makes them otherwise.</summary>
    public bool CreateMissing { get; init; }

    /// <summary>How long one request may be silent. 1 s – 2 min.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Tries after the first, before a call gives up. 0–10.</summary>
    public int Retries { get; init; } = 3;

    public bool IsSet => Endpoint.Length > 0;

    /// <summary>What is wrong, a sentence each.</summary>
    public IEnumerable<string> Errors()
    {
        if (!IsSet)
        {
            return [];
        }

        (bool Holds, string Error)[] checks =
        [
            (Uri.TryCreate(Endpoint, UriKind.Absolute, out var home) && home.Scheme == Uri.UriSchemeHttps && home.Query.Length == 0,
                "Azure:Queues:Endpoint must be an https address without a query."),
            (Patience >= TimeSpan.FromSeconds(1) && Patience <= TimeSpan.FromMinutes(2), "Azure:Queues:Patience is 1 second – 2 minutes."),
            (Retries is >= 0 and <= 10, "Azure:Queues:Retries is 0–10."),
        ];
        return checks.Where(static check => !check.Holds).Select(static check => check.Error);
    }
}
