using Client = PracticPro.Durable.Wire.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace PracticPro.Durable.Remote;

/// <summary>The way to an engine's gRPC service. The address may change while the program runs.</summary>
internal interface IHubChannel
{
    /// <exception cref="HubUnreachableException">No address is known (yet).</exception>
    Client Client { get; }
}

/// <summary>
/// The engine does not answer, or nobody knows where it is. What was asked may have been done: ask again, every call of
/// <see cref="IHub"/> bears it.
/// </summary>
internal sealed class HubUnreachableException(string reason, Exception? cause = null)
    : Exception($"The workflow engine cannot be reached: {reason}.", cause);
