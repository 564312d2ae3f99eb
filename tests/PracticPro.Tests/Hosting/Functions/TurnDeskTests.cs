using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Durable;
using PracticPro.Durable.History;
using PracticPro.Hosting.Functions;
using PracticPro.Hosting.Functions.Front;
using PracticPro.Hosting.Functions.Payloads;
using PracticPro.Tests.Support;
using Wire = PracticPro.Durable.Wire;

namespace PracticPro.Tests.Hosting.Functions;

public sealed class TurnDeskTests : IDisposable
{
    private static readonly ManualResetEventSlim Never = new();
    private readonly FakeClock clock = new();

    public void Dispose() => Never.Set();

    [Fact]
    public async Task A_turn_is_answered_with_its_actions_for_its_instance()
    {
        using var desk = Desk(registry => registry.AddOrchestration<Greeting>("Sequence"));

        var answer = await AnswerAsync(desk, "orchestration-sequence-1");

        Assert.StartsWith("sequence-", answer.InstanceId, StringComparison.Ordinal);
        Assert.Equal(Wire.RuntimeStatus.Completed, Assert.Single(answer.Actions).CompleteOrchestration.OrchestrationStatus);
    }

    [Fact]
    public async Task The_same_turn_is_answered_with_the_same_bytes()
    {
        using var desk = Desk(registry => registry.AddOrchestration<Greeting>("Sequence"));

        Assert.Equal(await AnswerAsync(desk, "orchestration-sequence-1"), await AnswerAsync(desk, "orchestration-sequence-1"));
    }

    [Fact]
    public async Task A_turn_that_takes_too_long_is_taken_back_where_the_extension_knows_how()
    {
        Never.Reset();
        using var desk = Desk(registry => registry.AddOrchestration<Endless>("Sequence"), extension: 3);
        var answering = AnswerAsync(desk, "orchestration-sequence-1");

        var answer = await PassTimeAsync(answering);

        Assert.True(answer.RequiresHistory);
        Assert.Empty(answer.Actions);
        Assert.NotEmpty(answer.InstanceId);
    }

    [Fact]
    public async Task A_turn_that_takes_too_long_fails_with_a_code_of_its_own_where_it_does_not()
    {
        Never.Reset();
        using var desk = Desk(registry => registry.AddOrchestration<Endless>("Sequence"), extension: 2);
        var answering = AnswerAsync(desk, "orchestration-sequence-1");

        var answer = await PassTimeAsync(answering);

        var end = Assert.Single(answer.Actions).CompleteOrchestration;
        Assert.Equal(Wire.RuntimeStatus.Failed, end.OrchestrationStatus);
        Assert.Equal(FailureCodes.TurnAbandoned, end.FailureDetails.ErrorMessage);
    }

    [Fact]
    public async Task A_turn_that_runs_out_of_memory_is_taken_back()
    {
        using var desk = Desk(registry => registry.AddOrchestration<Greedy>("Sequence"));

        var answer = await AnswerAsync(desk, "orchestration-sequence-1");

        Assert.True(answer.RequiresHistory);
        Assert.Empty(answer.Actions);
    }

    [Fact]
    public async Task Turns_with_a_history_of_twenty_megabytes_are_answered_several_at_once()
    {
        using var desk = Desk(registry => registry.AddOrchestration<Greeting>("Sequence"));
        var body = LargeTurn();

        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => AnswerBodyAsync(desk, body)));

        Assert.All(answers, answer => Assert.Equal(
            Wire.RuntimeStatus.Completed, Assert.Single(answer.Actions).CompleteOrchestration.OrchestrationStatus));
    }

    [Fact]
    public async Task What_is_no_turn_is_not_answered_as_one()
    {
        using var desk = Desk(static _ => { });

        await Assert.ThrowsAsync<PayloadUnreadableException>(() => desk.AnswerAsync(Context("""{"Data":{}}""")));
    }

    private TurnDesk Desk(Action<DurableRegistry> fill, int extension = 3)
    {
        var registry = new DurableRegistry();
        fill(registry);
        return new TurnDesk(
            registry, new FunctionsOptions { DurableExtension = extension, TurnThreads = 1 }, clock, NullLoggerFactory.Instance);
    }

    private async Task<Wire.OrchestratorResponse> PassTimeAsync(Task<Wire.OrchestratorResponse> answering)
    {
        using var patience = Deadline.Start(TestContext.Current.CancellationToken);
        while (!answering.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            await Deadline.MomentAsync(patience.Token);
        }

        return await answering;
    }

    private static Task<Wire.OrchestratorResponse> AnswerAsync(TurnDesk desk, string turn) =>
        AnswerBodyAsync(desk, Golden.Rows<Golden.Turn>("orchestration.json").Single(row => row.Name == turn).Body);

    /// <summary>The first turn of an instance that has got twenty thousand events of a thousand bytes that nobody waits for.</summary>
    private static string LargeTurn()
    {
        var body = Encoding.UTF8.GetBytes(Golden.Rows<Golden.Turn>("orchestration.json").Single(row => row.Name == "orchestration-sequence-1").Body);
        using var payload = OrchestrationPayload.Read(body, "context");
        var request = payload.Parse();
        var raised = new Wire.EventRaised { Name = "unasked", Input = JsonSerializer.Serialize(new string('x', 1_000)) };
        request.NewEvents.Add(Enumerable.Range(0, 20_000).Select(_ => new Wire.Event
        {
            EventId = -1,
            Timestamp = request.NewEvents[0].Timestamp,
            EventRaised = raised,
        }));
        var base64 = Convert.ToBase64String(Google.Protobuf.MessageExtensions.ToByteArray(request));
        return $$$"""{"Data":{"context":"\"{{{base64}}}\""},"Metadata":{}}""";
    }

    private static async Task<Wire.OrchestratorResponse> AnswerBodyAsync(TurnDesk desk, string sent)
    {
        var context = Context(sent);
        using var body = new MemoryStream();
        context.Response.Body = body;
        await desk.AnswerAsync(context);
        using var answer = JsonDocument.Parse(body.ToArray());
        return Wire.OrchestratorResponse.Parser.ParseFrom(answer.RootElement.GetProperty("ReturnValue").GetBytesFromBase64());
    }

    private static DefaultHttpContext Context(string body)
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        return context;
    }

    private sealed class Greeting : Orchestration<JsonElement, string>
    {
        public override Task<string> RunAsync(OrchestrationContext context, JsonElement input) => Task.FromResult($"hello {input}");
    }

    private sealed class Endless : Orchestration<JsonElement, string>
    {
        public override Task<string> RunAsync(OrchestrationContext context, JsonElement input)
        {
            Never.Wait(CancellationToken.None);
            return Task.FromResult(input.ToString());
        }
    }

    private sealed class Greedy : Orchestration<JsonElement, string>
    {
#pragma warning disable CA2201 // It stands for the runtime, which throws it where memory ends.
        public override Task<string> RunAsync(OrchestrationContext context, JsonElement input) => throw new OutOfMemoryException();
#pragma warning restore CA2201
    }
}
