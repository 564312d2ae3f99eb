using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.FunctionsHost;
using PracticPro.FunctionsHost.Queues;
using PracticPro.Hosting;
using PracticPro.Hosting.Functions.Workflows;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Hosting.Functions;

public sealed class RingThroughQueueTests
{
    private static readonly TenantId Tenant = TenantId.Parse("clinic");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_ring_is_a_message_with_the_tenant_in_base64_in_a_queue_that_is_made_when_missing()
    {
        var storage = new FakeStorage(TimeProvider.System);
        await using var service = await QueueService.StartAsync(storage.Queues, Cancellation);
        var bell = new QueueBell();
        using var ringing = new RingThroughQueue(
            bell,
            BellQueue.Open(Settings(("AzureWebJobsStorage", QueueAddress.ConnectionString(service.Address)))),
            TimeProvider.System,
            NullLogger<RingThroughQueue>.Instance);
        await ringing.StartAsync(Cancellation);

        bell.Ring(Tenant);

        using var patience = Deadline.Start(Cancellation);
        while (storage.Queues.All(OrderFunctions.Bell).Count == 0)
        {
            await Deadline.MomentAsync(patience.Token);
        }

        var message = Assert.Single(storage.Queues.All(OrderFunctions.Bell));
        Assert.Equal("""{"tenant":"clinic"}""", System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(message.Text)));
        await ringing.StopAsync(Cancellation);
    }

    [Theory]
    [InlineData("AzureWebJobsStorage__", "")]
    [InlineData("AzureWebJobsStorage", "not a connection string")]
    [InlineData("AzureWebJobsStorage:queueServiceUri", "http://practice.example")]
    public void Settings_that_name_no_queue_of_ours_are_refused_in_a_sentence(string name, string value)
    {
        var refused = Assert.Throws<SettingsException>(() => BellQueue.Open(Settings((name, value))));

        Assert.Contains("AzureWebJobsStorage", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("practice.example", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AzureWebJobsStorage:accountName", "practice", "https://practice.queue.core.windows.net/workflow-orders")]
    [InlineData("AzureWebJobsStorage:queueServiceUri", "https://q.example/", "https://q.example/workflow-orders")]
    public void An_account_without_a_key_is_opened_as_the_program_itself(string name, string value, string address) =>
        Assert.Equal(new Uri(address), BellQueue.Open(Settings((name, value))).Uri);

    private static IConfigurationRoot Settings(params (string Name, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.ToDictionary(one => one.Name, one => (string?)one.Value))
        .Build();
}
