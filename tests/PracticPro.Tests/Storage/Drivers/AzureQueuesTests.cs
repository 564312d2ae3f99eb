using System.Text;
using Azure.Core.Pipeline;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Azurite.Faults;
using PracticPro.Hosting.Functions.Workflows;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.AzureQueues;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Storage.Drivers;

/// <summary>
/// The platform's queues in an account on this machine. Their names are the program's own, so all tests that use them are
/// here, one after the other.
/// </summary>
public sealed class AzureQueuesTests : IAsyncLifetime
{
    private static readonly BufferedWebhook Push = new("gmail", "hash-of-a-mailbox", "77");
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(30);

    private AzureQueues queues = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static AzureQueueOptions Options => new()
    {
        Endpoint = AzuriteOfTests.Server.QueueEndpoint.AbsoluteUri, CreateMissing = true, Retries = 1, Patience = TimeSpan.FromSeconds(2),
    };

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(AzuriteOfTests.Missing is not null, AzuriteOfTests.Missing ?? "");
        queues = await OpenAsync(Options);
        foreach (var queue in PlatformQueues.All)
        {
            await ClientOf(queue).ClearMessagesAsync(Cancellation);
            await ClientOf(queue + PlatformQueues.Poison).ClearMessagesAsync(Cancellation);
        }
    }

    public ValueTask DisposeAsync()
    {
        AzuriteOfTests.Server.Faults.Clear(PlatformQueues.WebhookBuffer);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_notification_waits_as_ids_alone_and_never_expires()
    {
        Assert.True(await queues.KeepAsync(Push, TimeSpan.Zero, Cancellation));

        var raw = (await ClientOf(PlatformQueues.WebhookBuffer).PeekMessageAsync(Cancellation)).Value;
        Assert.Equal(
            """{"provider":"gmail","mailbox":"hash-of-a-mailbox","push":"77"}""",
            Encoding.UTF8.GetString(Convert.FromBase64String(raw.Body.ToString())));
        Assert.True(raw.ExpiresOn > TimeProvider.System.GetUtcNow().AddYears(100));
        Assert.Equal(Push, Assert.Single(await queues.ReceiveAsync(10, Hold, Cancellation)).Webhook);
    }

    [Fact]
    public async Task A_held_notification_is_nobody_elses_and_a_completed_one_is_gone()
    {
        await queues.KeepAsync(Push, TimeSpan.Zero, Cancellation);
        var held = Assert.Single(await queues.ReceiveAsync(10, Hold, Cancellation));

        Assert.Empty(await queues.ReceiveAsync(10, Hold, Cancellation));
        await queues.CompleteAsync(held.Receipt, Cancellation);
        await queues.CompleteAsync(held.Receipt, Cancellation);

        Assert.Equal(0, (await ClientOf(PlatformQueues.WebhookBuffer).GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCountLong);
    }

    [Fact]
    public async Task What_is_given_up_is_counted_and_comes_back_with_a_fresh_count()
    {
        await queues.KeepAsync(Push, TimeSpan.Zero, Cancellation);
        await queues.GiveUpAsync(Assert.Single(await queues.ReceiveAsync(1, Hold, Cancellation)).Receipt, Cancellation);

        Assert.Equal(1, await queues.CountPoisonAsync(PlatformQueues.WebhookBuffer, Cancellation));
        Assert.Equal(1, await queues.ReplayPoisonAsync(PlatformQueues.WebhookBuffer, Cancellation));
        Assert.Equal(0, await queues.CountPoisonAsync(PlatformQueues.WebhookBuffer, Cancellation));
        var again = Assert.Single(await queues.ReceiveAsync(1, Hold, Cancellation));
        Assert.Equal((Push, 1), (again.Webhook, again.Deliveries));
    }

    [Fact]
    public async Task Many_poison_messages_are_all_replayed()
    {
        for (var push = 0; push < 40; push++)
        {
            await ClientOf(PlatformQueues.WebhookBufferPoison).SendMessageAsync($"{push}", Cancellation);
        }

        Assert.Equal(40, await queues.ReplayPoisonAsync(PlatformQueues.WebhookBuffer, Cancellation));
        Assert.Equal(0, await queues.CountPoisonAsync(PlatformQueues.WebhookBuffer, Cancellation));
    }

    [Fact]
    public async Task A_message_that_is_no_notification_is_shown_as_none_beside_those_that_are()
    {
        await queues.KeepAsync(Push, TimeSpan.Zero, Cancellation);
        await ClientOf(PlatformQueues.WebhookBuffer).SendMessageAsync(Convert.ToBase64String("not json"u8), Cancellation);
        await ClientOf(PlatformQueues.WebhookBuffer).SendMessageAsync("not even base64", Cancellation);

        Assert.Equal([Push, null, null], (await queues.ReceiveAsync(3, Hold, Cancellation)).Select(one => one.Webhook));
    }

    [Theory]
    [InlineData("Busy", "the account is busy")]
    [InlineData("Forbidden", "the account refuses this program")]
    [InlineData("Broken", "the account answered with an error")]
    public async Task A_buffer_that_cannot_be_used_says_so_and_claims_nothing(string act, string reason)
    {
        AzuriteOfTests.Server.Faults.Add(
            new FaultRule(Enum.Parse<FaultAct>(act), Service: "queues", Path: PlatformQueues.WebhookBuffer, Times: -1));

        var said = await Assert.ThrowsAsync<StorageUnavailableException>(
            async () => await queues.KeepAsync(Push, TimeSpan.Zero, Cancellation));

        Assert.Equal(reason, said.Reason);
    }

    [Fact]
    public async Task A_keep_whose_answer_was_lost_is_kept()
    {
        AzuriteOfTests.Server.Faults.Add(
            new FaultRule(FaultAct.TornAfter, Service: "queues", Method: "POST", Path: PlatformQueues.WebhookBuffer));

        Assert.True(await queues.KeepAsync(Push, TimeSpan.Zero, Cancellation));

        // Perhaps twice: it is told apart where it is carried.
        Assert.All(await queues.ReceiveAsync(10, Hold, Cancellation), delivery => Assert.Equal(Push, delivery.Webhook));
    }

    [Fact]
    public async Task A_queue_that_is_missing_is_said_at_the_start()
    {
        await ClientOf(PlatformQueues.WorkflowOrdersPoison).DeleteAsync(Cancellation);

        var said = await Assert.ThrowsAsync<StorageUnavailableException>(() => OpenAsync(new AzureQueueOptions { Endpoint = Options.Endpoint }));

        Assert.Equal("a queue is missing", said.Reason);
    }

    [Fact]
    public async Task The_bell_rings_as_the_program_itself_where_the_host_names_an_account_and_no_key()
    {
        var bell = new QueueBell();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("AzureWebJobsStorage:queueServiceUri", Options.Endpoint)])
            .Build();
        var queue = BellQueue.Open(configuration, AzuriteOfTests.Server.Doors(), _ => AzuriteOfTests.Server.Credential());
        using var ringing = new RingThroughQueue(bell, queue, TimeProvider.System, NullLogger<RingThroughQueue>.Instance);
        await ringing.StartAsync(Cancellation);

        bell.Ring(TenantId.Parse("clinic"));

        await Deadline.UntilAsync(
            async () => (await ClientOf(PlatformQueues.WorkflowOrders).PeekMessagesAsync(1, Cancellation)).Value.Length == 1,
            TimeSpan.FromSeconds(30),
            Cancellation);
        await ringing.StopAsync(Cancellation);
    }

    private static Task<AzureQueues> OpenAsync(AzureQueueOptions options) =>
        AzureQueues.OpenAsync(options, AzuriteOfTests.Server.Credential(), AzuriteOfTests.Server.Doors(), Cancellation);

    /// <summary>The queue as it is, without our encoding.</summary>
    private static QueueClient ClientOf(string queue) => new(
        new Uri($"{Options.Endpoint}/{queue}"),
        AzuriteOfTests.Server.Credential(),
        new QueueClientOptions { Transport = new HttpClientTransport(AzuriteOfTests.Server.Doors()(AzuriteOfTests.Server.QueueEndpoint)) });
}
