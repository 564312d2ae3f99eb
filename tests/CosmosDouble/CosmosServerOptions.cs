using PracticPro.CosmosDouble.State;

namespace PracticPro.CosmosDouble;

/// <summary>How a double is to be.</summary>
internal sealed record CosmosServerOptions
{
    /// <summary>Folder of the loopback authority and of the tokens' key; made when it is not there.</summary>
    public required string Identity { get; init; }

    /// <summary>0 takes a free one. Always on 127.0.0.1.</summary>
    public int Port { get; init; }

    /// <summary>Where the journal is; null for a double that forgets everything when it ends.</summary>
    public string? Folder { get; init; }

    /// <summary>Physical partitions that a new container begins with.</summary>
    public int Ranges { get; init; } = 1;

    /// <summary>The account's default level; that of our own accounts unless a test says otherwise.</summary>
    public ReadConsistency Consistency { get; init; } = ReadConsistency.BoundedStaleness;

    /// <summary>
    /// The account's key in base64, random and made by the test; null for an account with local authorization switched
    /// off, as ours are: then there are no users and no resource tokens either.
    /// </summary>
    public string? PrimaryKey { get; init; }

    /// <summary>
    /// Whether a directory token may make databases and containers. The service never lets it; here it may unless a test
    /// says otherwise, because nothing else on a laptop would make them.
    /// </summary>
    public bool AllowManagementByToken { get; init; } = true;
}
