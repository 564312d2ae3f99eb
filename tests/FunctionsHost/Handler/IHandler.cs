namespace PracticPro.FunctionsHost.Handler;

/// <summary>The process that answers, or something that stands for it.</summary>
internal interface IHandler : IAsyncDisposable
{
    /// <summary>The life that takes calls now; waits while one starts. A dead one that stays dead is given too.</summary>
    Task<HandlerLife> ReadyAsync(CancellationToken cancellation);

    /// <summary>Ends the handler the hard way, as an accident: it counts as an error and is started again.</summary>
    Task KillAsync();

    /// <summary>Ends the handler the hard way on purpose and starts the next one; does not count as an error.</summary>
    Task RestartAsync(CancellationToken cancellation);
}

/// <summary>One life of the handler, from its start to its end.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Ended">Calls in flight are lost when this ends; a real process also closes its connections.</param>
internal sealed record HandlerLife(Uri Address, CancellationToken Ended);
