using Google.Protobuf;
using PracticPro.Durable;
using PracticPro.Durable.History;
using PracticPro.Durable.Protocol;
using PracticPro.Hosting.Functions.Payloads;
using Wire = PracticPro.Durable.Wire;

namespace PracticPro.Hosting.Functions.Front;

/// <summary>
/// Answers turns. Whatever happens in one, the host gets a good answer in time: an error, a silence or a torn connection
/// would make it fail the instance for good.
/// </summary>
internal sealed partial class TurnDesk : IDisposable
{
    /// <summary>Turns above it are read and taken one at a time, since each is many times as large in memory.</summary>
    private const int Large = 2 << 20;
    private const int MostLost = 8;
    private const string Binding = "context";
    private static readonly string OutOfMemory = typeof(OutOfMemoryException).FullName!;

    private readonly DurableRegistry registry;
    private readonly FunctionsOptions options;
    private readonly ILoggerFactory loggers;
    private readonly ILogger<TurnDesk> log;
    private readonly TurnCrew crew;
    private readonly SemaphoreSlim large = new(1);

    public TurnDesk(DurableRegistry registry, FunctionsOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        (this.registry, this.options, this.loggers) = (registry, options, loggers);
        log = loggers.CreateLogger<TurnDesk>();
        crew = new TurnCrew(options.Threads, MostLost, time);
    }

    /// <summary>Only a new process helps: too many turns never end.</summary>
    public bool IsExhausted => crew.IsExhausted;

    /// <exception cref="PayloadUnreadableException">What came is no turn; there is no instance to answer for.</exception>
    public async Task AnswerAsync(HttpContext context)
    {
        var isLarge = false;
        try
        {
            var payload = await ReadAsync(context.Request, WaitAsync);
            await InvocationAnswer.ReturnAsync(context.Response, await TakeAsync(payload, payload.InstanceId()));
        }
        finally
        {
            if (isLarge)
            {
                large.Release();
            }
        }

        // Without a limit: whoever is before ends within his own, and the host is more patient than all of them.
        async Task WaitAsync()
        {
            await large.WaitAsync(context.RequestAborted);
            isLarge = true;
        }
    }

    public void Dispose()
    {
        crew.Dispose();
        large.Dispose();
    }

    private async Task<OrchestrationPayload> ReadAsync(HttpRequest request, Func<Task> beforeLarge)
    {
        using var body = await PayloadBody.ReadAsync(
            request.Body, options.LargestPayload, Large, beforeLarge, request.HttpContext.RequestAborted);
        return OrchestrationPayload.Read(body.Utf8, Binding);
    }

    private async Task<byte[]> TakeAsync(OrchestrationPayload payload, string instanceId)
    {
        try
        {
            var answer = await crew.RunAsync(() => Take(payload), options.TurnLimit);
            payload.Dispose();
            return answer;
        }
        catch (Exception abandoned) when (abandoned is TimeoutException or OutOfMemoryException)
        {
            // The turn may still be reading the payload, so its memory is not given back for others to write on.
            LogAbandoned(log, Shown(instanceId), abandoned.GetType().Name);
            return Abandoned(instanceId).ToByteArray();
        }
        catch (Exception broken)
        {
            LogBroke(log, Shown(instanceId), broken.GetType().Name);
            return Failed(instanceId, FailureCodes.TurnBroke).ToByteArray();
        }
    }

    private byte[] Take(OrchestrationPayload payload)
    {
        var response = TakeWireTurn.Run(payload.Parse(), registry, loggers, WireDialect.Functions);

        // Memory that ran out ran out for this process, not for the instance; elsewhere, or later, it goes well.
        return response.Actions.Any(action => action.CompleteOrchestration?.FailureDetails?.ErrorType == OutOfMemory)
            ? throw new InsufficientMemoryException()
            : response.ToByteArray();
    }

    private Wire.OrchestratorResponse Abandoned(string instanceId) => options.DurableExtension == 3
        ? new Wire.OrchestratorResponse { InstanceId = instanceId, RequiresHistory = true }
        : Failed(instanceId, FailureCodes.TurnAbandoned);

    private static Wire.OrchestratorResponse Failed(string instanceId, string code) => new()
    {
        InstanceId = instanceId,
        Actions =
        {
            WireActions.ToWire(new OrchestratorAction.CompleteOrchestration(0, OrchestrationStatus.Failed, null, FailureDetails.OfEngine(code))),
        },
    };

    // An id that is not of our form may hold anything.
    private static string Shown(string instanceId) => InstanceId.TryParse(instanceId, out var id) ? id.Text : "an instance of another form";

    [LoggerMessage(920, LogLevel.Error, "A turn of {Instance} was abandoned: {Type}.")]
    private static partial void LogAbandoned(ILogger log, string instance, string type);

    [LoggerMessage(921, LogLevel.Error, "A turn of {Instance} broke: {Type}.")]
    private static partial void LogBroke(ILogger log, string instance, string type);
}
