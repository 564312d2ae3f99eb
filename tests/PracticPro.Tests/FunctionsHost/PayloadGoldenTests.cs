using PracticPro.FunctionsHost;
using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Handler;
using PracticPro.FunctionsHost.Payload;
using PracticPro.FunctionsHost.Queues;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.FunctionsHost;

/// <summary>Given what the real host was given, the same bytes go to the handler.</summary>
public sealed class PayloadGoldenTests
{
    private static readonly FakeClock Clock = new();

    private static readonly Payloads Payloads = new(new PayloadSource(
        Clock, new Dice(1), "CapHub", () => "http://localhost:4001", () => "127.0.0.1:7071", "«masked»"));

    public static IEnumerable<TheoryDataRow<string>> ActivityKinds => GoldenFiles.Kinds("activity-inputs.json");

    public static IEnumerable<TheoryDataRow<string>> QueueKinds => GoldenFiles.Kinds("queue-messages.json");

    [Theory]
    [MemberData(nameof(ActivityKinds))]
    public void An_activity_gets_its_input_as_the_real_host_sends_it(string kind)
    {
        var golden = GoldenFiles.Of("activity-inputs.json", kind);
        var function = Function.Of("Echo", "activityTrigger", "input");

        var body = Payloads.Activity(function, "script-1b2c00", golden["input"]?.GetValue<string>());

        AssertSame(golden["body"]!.GetValue<string>(), body);
    }

    [Theory]
    [MemberData(nameof(QueueKinds))]
    public void A_queue_function_gets_its_message_as_the_real_host_sends_it(string kind)
    {
        var golden = GoldenFiles.Of("queue-messages.json", kind);
        var function = Function.Of("QIn", "queueTrigger", "msg");
        var now = Clock.GetUtcNow();
        var message = new QueueMessage(
            "0def6d2f-a4ae-49c2-8a0b-e550913202ce", "", now, now.AddDays(7), now.AddMinutes(10), 1, "receipt");

        AssertSame(golden["body"]!.GetValue<string>(), Payloads.Queue(function, message, golden["text"]!.GetValue<string>()));
    }

    [Fact]
    public void A_timer_function_gets_no_status_while_its_schedule_is_not_kept()
    {
        var golden = GoldenFiles.Read("timers.json")["timer-every-5-seconds"]!;

        AssertSame(
            golden["body"]!.GetValue<string>(),
            Payloads.Timer(Function.Of("Tick", "timerTrigger", "myTimer"), null, isPastDue: false));
    }

    [Fact]
    public async Task A_call_carries_the_captured_headers_in_their_order_and_small_chunks()
    {
        var golden = GoldenFiles.Of("activity-inputs.json", "object-reserved");
        await using var handler = new ScriptedHandler(_ => HandlerReply.Returns("null"));
        using var call = new HandlerCall();
        var body = Payloads.Activity(
            Function.Of("Echo", "activityTrigger", "input"), "script-1b2c00", golden["input"]!.GetValue<string>());

        var life = new HandlerLife(handler.Address, CancellationToken.None);
        await call.PostAsync(
            life, Function.Of("Echo", "activityTrigger", "input"), new Dice(2).NextGuid(), body, () => { },
            TestContext.Current.CancellationToken);

        var request = Assert.Single(handler.Requests);
        var expected = golden["headers"]!.AsArray().Select(one => $"{one![0]}: {GoldenFiles.Masked(one[1]!.GetValue<string>())}");
        Assert.Equal(expected, request.Headers.Select(one => $"{one.Name}: {GoldenFiles.Masked(one.Value)}"));
        Assert.Equal("/Echo", request.Target);
        Assert.Equal([body.Length, 0], request.Chunks!);
    }

    [Fact]
    public async Task A_payload_of_a_mebibyte_goes_out_in_3074_chunks()
    {
        await using var handler = new ScriptedHandler(_ => HandlerReply.Returns("null"));
        using var call = new HandlerCall();
        var function = Function.Of("Echo", "activityTrigger", "input");
        var body = Payloads.Activity(function, "script-1b2c00", $"\"{new string('x', 1024 * 1024)}\"");

        await call.PostAsync(
            new HandlerLife(handler.Address, CancellationToken.None), function, new Dice(2).NextGuid(), body, () => { },
            TestContext.Current.CancellationToken);

        var request = Assert.Single(handler.Requests);
        Assert.Equal(3074, request.Chunks!.Count);
        Assert.Equal(1024, request.Chunks.Max());
        Assert.Equal(body, request.Body);
    }

    [Fact]
    public void A_durable_client_is_a_text_that_holds_an_object()
    {
        var golden = GoldenFiles.Read("durable-client.json")["body"]!.GetValue<string>();
        var function = Function.Of("HttpClient", "queueTrigger", "msg", Binding.Of("durableClient", "client"));

        var body = System.Text.Encoding.UTF8.GetString(Payloads.Body(function, "null", new Metadata()));

        Assert.Contains(Client(golden), body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"2024-01-02T03:04:05.1234567+02:00\"", "\"2024-01-02T01:04:05.1234567+00:00\"")]
    [InlineData("\"2024-01-02T03:04:05.1200Z\"", "\"2024-01-02T03:04:05.12Z\"")]
    [InlineData("\"2024-01-02\"", "\"2024-01-02\"")]
    [InlineData("1.50", "1.5")]
    [InlineData("1e3", "1000.0")]
    [InlineData("{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":3,\"b\":2}")]
    public void Values_are_written_anew_as_the_real_host_writes_them(string sent, string kept)
    {
        using var document = System.Text.Json.JsonDocument.Parse(sent);

        Assert.Equal(kept, JsonText.Compact(document.RootElement, JsonText.Dates.Rewritten));
    }

    private static void AssertSame(string golden, byte[] body) => Assert.Equal(
        GoldenFiles.Masked(golden), GoldenFiles.Masked(System.Text.Encoding.UTF8.GetString(body)));

    private static string Client(string golden)
    {
        var from = golden.IndexOf("\"client\":", StringComparison.Ordinal);
        var to = golden.IndexOf("},\"Metadata\"", StringComparison.Ordinal);
        return golden[from..to];
    }
}
