namespace PracticPro.Storage;

/// <summary>The poison side of the platform's queues (<see cref="PlatformQueues"/>): what nobody could carry out.</summary>
internal interface IPlatformQueues
{
    /// <summary>The queues there are here. None where all is in one process.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Messages that were given up on; approximate while they move.</summary>
    ValueTask<long> CountPoisonAsync(string queue, CancellationToken cancellation);

    /// <summary>Puts every poison message back with a fresh count. Returns how many. After a crash some may be there twice.</summary>
    ValueTask<int> ReplayPoisonAsync(string queue, CancellationToken cancellation);
}
