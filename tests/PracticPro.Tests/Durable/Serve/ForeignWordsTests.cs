using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using Wire = PracticPro.Durable.Wire;

namespace PracticPro.Tests.Durable.Serve;

/// <summary>What foreign workers say is theirs: it comes back as it was sent, and nowhere else.</summary>
public sealed class ForeignWordsTests
{
    private const string Secret = "Patient Müller: 4711";

    [Fact]
    public async Task A_failure_comes_back_with_text_stack_and_properties()
    {
        await using var served = await ServedFixture.StartAsync();
        using var worker = await served.ConnectAsync();
        await served.StartInstanceAsync("any");
        var failure = Failure();

        await FailActivityAsync(served, worker, failure);
        var turn = await worker.NextAsync();

        Assert.Equal(failure, turn.OrchestratorRequest.NewEvents.Select(one => one.TaskFailed).Single(one => one is not null).FailureDetails);
    }

    [Fact]
    public async Task Tags_version_and_trace_context_go_from_the_call_to_the_activity()
    {
        await using var served = await ServedFixture.StartAsync();
        using var worker = await served.ConnectAsync();
        await served.StartInstanceAsync("any");
        var call = RawWorker.Call(0, "step", "{\"a\":1}");
        call.ScheduleTask.Version = "3";
        call.ScheduleTask.Tags.Add("k", "v");
        call.ScheduleTask.ParentTraceContext = new() { TraceParent_ = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", TraceState = "x=1" };

        await worker.Answer(await worker.NextAsync(), call);
        var activity = (await worker.NextAsync()).ActivityRequest;

        Assert.Equal(("3", "v", "{\"a\":1}"), (activity.Version, activity.Tags["k"], activity.Input));
        Assert.Equal(call.ScheduleTask.ParentTraceContext, activity.ParentTraceContext);
    }

    [Fact]
    public async Task A_turns_span_is_seen_again_at_the_next_turn()
    {
        await using var served = await ServedFixture.StartAsync();
        using var worker = await served.ConnectAsync();
        var id = await served.StartInstanceAsync("any");
        var turn = await worker.NextAsync();
        var span = new Wire.TurnSpan { SpanID = "b7ad6b7169203331", SpanStartTime = new Timestamp { Seconds = 5 } };

        await served.Client.CompleteOrchestratorTaskAsync(
            new() { CompletionToken = turn.CompletionToken, OrchestrationTraceContext = span }, cancellationToken: ServedFixture.Cancellation);
        await served.Client.RaiseEventAsync(new() { InstanceId = id, Name = "go" }, cancellationToken: ServedFixture.Cancellation);

        Assert.Equal(span, (await worker.NextAsync()).OrchestratorRequest.OrchestrationTraceContext);
    }

    [Fact]
    public async Task Nothing_of_it_gets_into_a_log()
    {
        using var log = new Lines();
        await using (var served = await ServedFixture.StartAsync(log: log))
        {
            using var worker = await served.ConnectAsync();
            var id = await served.StartInstanceAsync("any", input: $"\"{Secret}\"");
            await FailActivityAsync(served, worker, Failure());
            var end = new Wire.Action
            {
                Id = 1,
                CompleteOrchestration = new() { OrchestrationStatus = Wire.RuntimeStatus.Failed, FailureDetails = Failure() },
            };
            await worker.Answer(await worker.NextAsync(), end);
            Assert.Equal(Wire.RuntimeStatus.Failed, (await served.StateAsync(id)).OrchestrationStatus);
        }

        Assert.NotEmpty(log.All);
        Assert.All(log.All, line => Assert.DoesNotContain("4711", line, StringComparison.Ordinal));
    }

    private static Wire.Failure Failure()
    {
        var failure = new Wire.Failure
        {
            ErrorType = "Their.Exception",
            ErrorMessage = Secret,
            StackTrace = "at Their.Code()\n   at Their.Caller()",
            IsNonRetriable = true,
            InnerFailure = new() { ErrorType = "Inner", ErrorMessage = "inner: words", StackTrace = "" },
        };
        failure.Properties.Add("count", Value.ForNumber(3));
        failure.Properties.Add("names", Value.ForList(Value.ForString("a"), Value.ForNull()));
        return failure;
    }

    private static async Task FailActivityAsync(ServedFixture served, RawWorker worker, Wire.Failure failure)
    {
        await worker.Answer(await worker.NextAsync(), RawWorker.Call(0, "step"));
        var activity = await worker.NextAsync();
        await served.Client.CompleteActivityTaskAsync(new()
        {
            TaskId = 0,
            CompletionToken = activity.CompletionToken,
            FailureDetails = failure,
        }, cancellationToken: ServedFixture.Cancellation);
    }

    /// <summary>Keeps every line, with what was thrown.</summary>
    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
