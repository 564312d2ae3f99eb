using System.Text.Json;
using PracticPro.Durable.History;
using PracticPro.Kernel;

namespace PracticPro.Durable.Embedded;

/// <summary>
/// The task hub inside the process: one SQLite file, one writer. Promises what <see cref="IHub"/> does, survives the
/// end of the process at any point, and delivers activities at least once. One process at a time.
/// Not for content: its file is not sealed. Not for more than one machine.
/// </summary>
internal sealed class EmbeddedHub : IHub, IAsyncDisposable
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromHours(1);
    private readonly CommandQueue queue = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim places;
    private readonly DurableOptions options;
    private readonly TimeProvider time;
    private readonly HubLoop loop;
    private readonly ITimer sweep;
    private readonly ILogger log;
    private bool started;

    private EmbeddedHub(HubFile file, IServiceProvider services, DurableOptions options, MakeDispatch make)
    {
        this.options = options;
        time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        log = LoggersOf(services).CreateLogger("PracticPro.Durable");
        places = new SemaphoreSlim(options.ConcurrentCalls);
        var timers = new TimerShelf(time, () => queue.Post(new FireTimers()));
        var core = new HubCore(new HubTables(file), timers, options, time);
        loop = new HubLoop(file, core, make(core, queue, stopping.Token), queue);
        sweep = time.CreateTimer(_ => Sweep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Completes when the hub has stopped; faulted when it met a write it could not make.</summary>
    public Task Ended => loop.Ended;

    /// <summary>Opens the file and takes its lock. Nothing runs before <see cref="Start"/>.</summary>
    /// <param name="services">Activities are made of it; also gives the clock and the loggers.</param>
    /// <param name="beforeWrite">
    /// For tests only: a hook that may throw before any write. Always null in production.
    /// </param>
    /// <exception cref="HubInUseException">Another process, or another hub of this one, has it open.</exception>
    public static EmbeddedHub Open(
        DurableRegistry registry,
        IServiceProvider services,
        DurableOptions options,
        Action? beforeWrite = null) => Open(
            services,
            options,
            (core, queue, stopping) => new LocalDispatch(
                core, new Workers(registry, services, LoggersOf(services), core.Time, queue, stopping)),
            beforeWrite);

    /// <summary>The same, with another place for the work to run at.</summary>
    public static EmbeddedHub Open(
        IServiceProvider services,
        DurableOptions options,
        MakeDispatch make,
        Action? beforeWrite = null)
    {
        options.Validate();
        var file = HubFile.Open(options.Folder);
        file.BeforeWrite = beforeWrite;
        return new EmbeddedHub(file, services, options, make);
    }

    /// <summary>Goes on with everything that was pending.</summary>
    public void Start()
    {
        Run(new HubLoop.Begin());
        sweep.Change(TimeSpan.Zero, SweepEvery);
        DurableLog.Started(log);
    }

    /// <summary>
    /// Answers calls and runs nothing, whatever is pending: for an operator who has the file but not the program's work.
    /// What is asked of an instance is on disk, and is obeyed when the program next starts.
    /// </summary>
    public void StartHeld() => Run(new HubLoop.Hold());

    /// <summary>
    /// Takes no further work, tells the activities under way to end, waits for their answers as long as the options
    /// say, and closes the file. What has not answered by then is delivered again by the next start.
    /// Does not throw when the hub broke; <see cref="Ended"/> says so.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        await stopping.CancelAsync();
        await sweep.DisposeAsync();
        queue.Post(new HubLoop.Stop());
        if (!started)
        {
            // Opened and never started: the loop takes the stop and closes the file.
            started = true;
            loop.Start();
        }

        try
        {
            await loop.Closed.WaitAsync(options.StopGrace, time, cancellation);
        }
        catch (Exception slow) when (slow is TimeoutException or OperationCanceledException)
        {
            queue.Post(new HubLoop.Leave(loop));
            await loop.Closed;
        }

        DurableLog.Stopped(log);
    }

    public async ValueTask DisposeAsync()
    {
        if (!loop.Closed.IsCompleted)
        {
            await StopAsync(CancellationToken.None);
        }

        await sweep.DisposeAsync();
        stopping.Dispose();
        places.Dispose();
    }

    /// <summary>
    /// Completes when nothing runs and nothing is ready to; timers and events may still be waited for.
    /// </summary>
    public Task WhenIdleAsync(CancellationToken cancellation)
    {
        var idle = new HubLoop.WhenIdle(loop);
        queue.Post(idle);
        return idle.Idle.WaitAsync(cancellation);
    }

    public ValueTask<StartOutcome> StartAsync(StartRequest request, CancellationToken cancellation) =>
        AskAsync(new StartInstance(request with { Name = Word(request.Name) }), cancellation);

    public ValueTask<RaiseOutcome> RaiseEventAsync(RaiseRequest request, CancellationToken cancellation) =>
        AskAsync(new RaiseEvent(request with { Event = Word(request.Event) }), cancellation);

    public ValueTask<CommandOutcome> TerminateAsync(
        InstanceId instance,
        string reason,
        bool withChildren,
        CancellationToken cancellation)
    {
        var output = JsonSerializer.Serialize(Word(reason), JsonShapes.Stored);
        return CommandAsync(
            instance,
            at => new HistoryEvent.ExecutionTerminated(at, output, withChildren),
            cancellation);
    }

    public ValueTask<CommandOutcome> SuspendAsync(InstanceId instance, string reason, CancellationToken cancellation)
    {
        var word = Word(reason);
        return CommandAsync(instance, at => new HistoryEvent.ExecutionSuspended(at, word), cancellation);
    }

    public ValueTask<CommandOutcome> ResumeAsync(InstanceId instance, string reason, CancellationToken cancellation)
    {
        var word = Word(reason);
        return CommandAsync(instance, at => new HistoryEvent.ExecutionResumed(at, word), cancellation);
    }

    public ValueTask<PurgeOutcome> PurgeAsync(InstanceId instance, CancellationToken cancellation) =>
        AskAsync(new PurgeInstance(instance), cancellation);

    public ValueTask<InstanceStatus?> GetStatusAsync(InstanceId instance, CancellationToken cancellation) =>
        AskAsync(new ReadStatus(instance), cancellation);

    public ValueTask<Page<InstanceStatus>> ListAsync(
        InstanceQuery query,
        Cursor? from,
        CancellationToken cancellation) =>
        AskAsync(
            ListInstances.From(query, from) ?? throw new ArgumentException("Not a cursor of this list.", nameof(from)),
            cancellation);

    public async ValueTask<InstanceStatus?> WaitForCompletionAsync(
        InstanceId instance,
        TimeSpan timeout,
        CancellationToken cancellation)
    {
        var completion = AwaitInstance.Completion(instance);
        queue.Post(completion);
        try
        {
            return await completion.Waiter.Task.WaitAsync(timeout, time, cancellation);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            if (!completion.Waiter.Task.IsCompleted)
            {
                queue.Post(completion.Forget());
            }
        }
    }

    private ValueTask<CommandOutcome> CommandAsync(
        InstanceId instance,
        Func<DateTimeOffset, HistoryEvent> message,
        CancellationToken cancellation) => AskAsync(new CommandInstance(instance, message), cancellation);

    /// <summary>A cancelled caller leaves; what was asked may still be done.</summary>
    internal async ValueTask<T> AskAsync<T>(HubCommand<T> command, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        try
        {
            queue.Post(command);
            return await command.Answer.WaitAsync(cancellation);
        }
        finally
        {
            places.Release();
        }
    }

    /// <summary>For commands nobody waits for.</summary>
    internal void Post(HubCommand command) => queue.Post(command);

    private static ILoggerFactory LoggersOf(IServiceProvider services) =>
        services.GetService<ILoggerFactory>() ?? Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance;

    /// <summary>Names and reasons are words of the program, never a caller's text.</summary>
    private static string Word(string word) => word is { Length: >= 1 and <= 100 }
        ? word
        : throw new ArgumentException("A name or a reason has 1–100 characters.", nameof(word));

    private void Run(HubCommand first)
    {
        if (started)
        {
            throw new InvalidOperationException("The task hub was started before.");
        }

        started = true;
        queue.Post(first);
        loop.Start();
    }

    private void Sweep() => queue.Post(new SweepExpired(Sweep));
}
