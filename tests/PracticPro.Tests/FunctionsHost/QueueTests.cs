using System.Text;
using Azure.Storage.Queues;
using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Triggers;

namespace PracticPro.Tests.FunctionsHost;

/// <summary>The queue service as its client library sees it, and queue functions.</summary>
public sealed class QueueTests
{
    public static IEnumerable<TheoryDataRow<string>> OutputKinds => GoldenFiles.Kinds("queue-outputs.json");

    private static Binding Messages { get; } = Binding.Of("queueTrigger", "msg").With("queueName", "work");

    [Theory]
    [MemberData(nameof(OutputKinds))]
    public void A_queue_output_becomes_the_captured_messages(string kind)
    {
        var golden = GoldenFiles.Of("queue-outputs.json", kind);
        using var answer = System.Text.Json.JsonDocument.Parse(golden["answer"]!.GetValue<string>());

        var texts = QueueOutput.Texts(answer.RootElement.GetProperty("Outputs").GetProperty("q"));

        Assert.Equal(golden["texts"]!.AsArray().Select(text => text!.GetValue<string>()), texts);
    }

    [Fact]
    public async Task The_client_library_puts_takes_updates_and_deletes_messages()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var rig = await Rig.StartAsync(_ => HandlerReply.Ok("{}"));
        var queue = new QueueClient(rig.Host.StorageConnection, "letters", Plain());
        await queue.CreateAsync(cancellationToken: cancellation);
        await queue.CreateIfNotExistsAsync(cancellationToken: cancellation);

        await queue.SendMessageAsync("first & <last>", cancellation);
        var peeked = await queue.PeekMessageAsync(cancellation);
        var taken = (await queue.ReceiveMessageAsync(TimeSpan.FromMinutes(1), cancellation)).Value;
        var hidden = (await queue.ReceiveMessageAsync(TimeSpan.FromMinutes(1), cancellation)).Value;
        var updated = await queue.UpdateMessageAsync(taken.MessageId, taken.PopReceipt, "second", TimeSpan.Zero, cancellation);
        var again = (await queue.ReceiveMessageAsync(TimeSpan.FromMinutes(1), cancellation)).Value;
        await queue.DeleteMessageAsync(again.MessageId, again.PopReceipt, cancellation);

        Assert.Equal("first & <last>", peeked.Value.MessageText);
        Assert.Null(hidden);
        Assert.NotEqual(taken.PopReceipt, updated.Value.PopReceipt);
        Assert.Equal(("second", 2L), (again.MessageText, again.DequeueCount));
        Assert.Equal(0, (await queue.GetPropertiesAsync(cancellation)).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task A_queue_that_is_not_there_is_refused_with_its_code()
    {
        await using var rig = await Rig.StartAsync(_ => HandlerReply.Ok("{}"));
        var queue = new QueueClient(rig.Host.StorageConnection, "nowhere", Plain());

        var refusal = await Assert.ThrowsAsync<Azure.RequestFailedException>(
            () => queue.SendMessageAsync("x", TestContext.Current.CancellationToken));

        Assert.Equal((404, "QueueNotFound"), (refusal.Status, refusal.ErrorCode));
    }

    [Fact]
    public async Task A_message_that_keeps_failing_ends_in_the_poison_queue_as_captured()
    {
        var poison = Binding.Of("queueTrigger", "msg").With("queueName", "work-poison");
        await using var rig = await Rig.StartAsync(
            request => request.Function == "QFail"
                ? HandlerReply.Of(500, "E_CODE short reason", "application/json", "{}")
                : HandlerReply.Ok("{}"),
            [new Function("QFail", [Messages]), new Function("QPoison", [poison])],
            new HostSettings { MaxDequeueCount = 2, QueueRetryDelay = TimeSpan.FromSeconds(1) });

        rig.Host.Storage.Queues.Put("work", Convert.ToBase64String(Encoding.UTF8.GetBytes("will fail")));
        await rig.IdleAsync();
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await rig.IdleAsync();

        var golden = GoldenFiles.List("queue-poison.json")
            .Select(one => $"{one!["path"]} {GoldenFiles.Masked(one["body"]!.GetValue<string>())}");
        Assert.Equal(golden, rig.Handler.Requests.Select(one => $"{one.Target} {GoldenFiles.Masked(one.Text)}"));
        Assert.Empty(rig.Host.Storage.Queues.All("work"));
    }

    [Fact]
    public async Task A_text_that_is_no_base64_is_poison_at_once()
    {
        await using var rig = await Rig.StartAsync(_ => HandlerReply.Ok("{}"), [new Function("QIn", [Messages])]);

        rig.Host.Storage.Queues.Put("work", "plain words!");
        await rig.IdleAsync();

        Assert.Empty(rig.Handler.Requests);
        Assert.Single(rig.Host.Storage.Queues.All("work-poison"));
    }

    [Fact]
    public async Task A_message_in_flight_when_the_host_stops_stays_hidden_for_its_ten_minutes()
    {
        var never = new TaskCompletionSource();
        await using var rig = await Rig.StartAsync(_ => HandlerReply.Ok("{}") with { Wait = never.Task }, [new Function("QIn", [Messages])]);
        rig.Host.Storage.Queues.Put("work", Convert.ToBase64String("x"u8));
        await Rig.UntilAsync(() => !rig.Handler.Requests.IsEmpty);

        await rig.Host.StopAsync();
        never.SetResult();
        await rig.Host.RestartAsync(TestContext.Current.CancellationToken);
        await rig.IdleAsync();
        Assert.Single(rig.Handler.Requests);
        rig.Clock.Advance(TimeSpan.FromMinutes(10));
        await rig.IdleAsync();

        Assert.Equal(2, rig.Handler.Requests.Count);
        Assert.Contains("\"DequeueCount\":\"2\"", rig.Handler.Requests.Last().Text, StringComparison.Ordinal);
    }

    private static QueueClientOptions Plain() => new() { Retry = { MaxRetries = 0 } };
}
