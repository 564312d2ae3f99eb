namespace PracticPro.Azurite;

/// <summary>How Azurite is started.</summary>
internal sealed record AzuriteOptions
{
    /// <summary>Where everything is kept; made when it is not there.</summary>
    public required string Folder { get; init; }

    /// <summary>Where the authority and the token key lie; made when they are not there.</summary>
    public required string Identity { get; init; }

    /// <summary>Port of the blobs; queues have the next one. 0 takes two free ones.</summary>
    public int Port { get; init; }

    /// <summary>The clock that policies end by. Azurite itself, and tokens, go by the machine's.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Port of a token endpoint, plain HTTP; null for none, 0 for a free one.</summary>
    public int? IdentityPort { get; init; }

    /// <summary>What the token endpoint asks to be shown.</summary>
    public string IdentitySecret { get; init; } = "";

    /// <summary>End with the standard input. For the command line.</summary>
    public bool UntilInputEnds { get; init; }
}
