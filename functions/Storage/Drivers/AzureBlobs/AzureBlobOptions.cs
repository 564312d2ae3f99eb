namespace PracticPro.Storage.Drivers.AzureBlobs;

/// <summary>Section <c>Azure:Blobs</c>: the storage account that holds the blobs. No key: the program signs in as itself.</summary>
internal sealed class AzureBlobOptions
{
    /// <summary>The account's blob endpoint, <c>https://NAME.blob.core.windows.net</c>. Empty: blobs are not on Azure.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>
    /// How audit blobs are kept. Must be said, since one way cannot be taken back: <c>Locked</c> in production;
    /// <c>Unlocked</c> (the account's owner can end it) in staging; <c>Off</c> for accounts of developers.
    /// </summary>
    public AuditPolicy? AuditPolicy { get; init; }

    /// <summary>Makes containers that are missing. For development: <c>infra/</c> makes them otherwise, and enables more than a program can.</summary>
    public bool CreateMissing { get; init; }

    /// <summary>Text before each container's name, for several programs on one account. Lower-case letters, digits and hyphens, 0–40.</summary>
    public string ContainerPrefix { get; init; } = "";

    /// <summary>How long one request may be silent. 1 s – 2 min.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Tries after the first, before a call gives up. 0–10.</summary>
    public int Retries { get; init; } = 4;

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
                "Azure:Blobs:Endpoint must be an https address without a query."),
            (AuditPolicy is { } policy && Enum.IsDefined(policy), "Azure:Blobs:AuditPolicy must be Locked, Unlocked or Off."),
            (ContainerPrefix.Length <= 40 && ContainerPrefix.All(static symbol => char.IsAsciiLetterLower(symbol) || char.IsAsciiDigit(symbol) || symbol == '-'),
                "Azure:Blobs:ContainerPrefix is 0–40 lower-case letters, digits and hyphens."),
            (Patience >= TimeSpan.FromSeconds(1) && Patience <= TimeSpan.FromMinutes(2), "Azure:Blobs:Patience is 1 second – 2 minutes."),
            (Retries is >= 0 and <= 10, "Azure:Blobs:Retries is 0–10."),
        ];
        return checks.Where(static check => !check.Holds).Select(static check => check.Error);
    }
}

/// <summary>What holds an audit blob in its place.</summary>
internal enum AuditPolicy
{
    /// <summary>Nothing.</summary>
    Off,

    /// <summary>A policy that somebody with the right may shorten or end.</summary>
    Unlocked,

    /// <summary>A policy that can be made longer and never shorter, by nobody.</summary>
    Locked,
}
