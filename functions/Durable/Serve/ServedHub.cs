using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Durable.Embedded;

namespace PracticPro.Durable.Serve;

/// <summary>
/// The embedded hub, open for others: the same file, tables and promises, but turns and activities are run by workers
/// that connect. It has no code of its own. Its clients in this process use <see cref="Hub"/>, others the service.
/// </summary>
internal sealed class ServedHub : IAsyncDisposable
{
    private ServedDispatch? dispatch;

    private ServedHub(IServiceProvider services, DurableOptions durable, ServeOptions serve, Action? beforeWrite)
    {
        Largest = durable.LargestPayload;
        Options = serve;
        Time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        Log = (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger("PracticPro.Durable.Serve");
        Hub = EmbeddedHub.Open(
            services,
            durable,
            (core, queue, stopping) => dispatch = new ServedDispatch(core, queue, serve, stopping),
            beforeWrite);
    }

    public EmbeddedHub Hub { get; }

    public ServeOptions Options { get; }

    /// <summary>Largest payload, in UTF-8 bytes.</summary>
    public int Largest { get; }

    public TimeProvider Time { get; }

    public ILogger Log { get; }

    public ServedDispatch Dispatch => dispatch ?? throw new InvalidOperationException("The hub is not open.");

    /// <summary>Opens the file and takes its lock. Nothing is handed out before <see cref="Start"/>.</summary>
    /// <param name="services">Gives the clock and the loggers.</param>
    /// <param name="beforeWrite">For tests only, as in <see cref="EmbeddedHub"/>.</param>
    /// <exception cref="HubInUseException">Somebody else has it open.</exception>
    public static ServedHub Open(
        IServiceProvider services,
        DurableOptions durable,
        ServeOptions serve,
        Action? beforeWrite = null)
    {
        serve.Validate();
        return new ServedHub(services, durable, serve, beforeWrite);
    }

    public void Start() => Hub.Start();

    public ValueTask<T> AskAsync<T>(HubCommand<T> command, CancellationToken cancellation) =>
        Hub.AskAsync(command, cancellation);

    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}
