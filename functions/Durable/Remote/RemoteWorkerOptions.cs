namespace PracticPro.Durable.Remote;

/// <summary>How a worker behaves towards the engine it works for.</summary>
internal sealed record RemoteWorkerOptions
{
    /// <summary>Turns taken at once.</summary>
    public int ConcurrentTurns { get; init; } = 64;

    /// <summary>Activities under way at once.</summary>
    public int ConcurrentActivities { get; init; } = 64;

    /// <summary>How long the engine may take to say hello.</summary>
    public TimeSpan HelloLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Without a word on the stream for so long, not even a ping, the connection counts as lost.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Wait before the first try to connect again; doubles with every further one.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(30);
}
