namespace PracticPro.Durable.Embedded;

/// <param name="stopping">Set when the hub is asked to stop.</param>
internal delegate IDispatch MakeDispatch(HubCore core, CommandQueue queue, CancellationToken stopping);

/// <summary>
/// Where chosen work runs: here on the pool, or with whoever is connected. All of it on the hub's thread.
/// </summary>
internal interface IDispatch
{
    /// <summary>Nothing that could run now waits here. What waits for somebody who is not there is no work.</summary>
    bool IsIdle { get; }

    /// <summary>Chooses what to run next, inside the transaction.</summary>
    void Choose();

    /// <summary>Starts what was chosen. Called after the commit, so that nothing runs that a crash would take back.</summary>
    void Start();
}
