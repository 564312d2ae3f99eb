using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PracticPro.Hosting;
using PracticPro.Hosting.Functions.Back;
using PracticPro.Hosting.Functions.Workflows;
using PracticPro.Hosting.Standalone;

namespace PracticPro.Tests.Hosting.Functions;

public sealed class HostEngineTests
{
    [Fact]
    public void Without_a_word_on_it_the_engine_is_the_hosts_own_and_orders_go_through_its_queue()
    {
        var services = Chosen(("AzureWebJobsStorage", "UseDevelopmentStorage=true"));

        Assert.Contains(services, one => one.ImplementationType == typeof(ExtensionEngine));
        Assert.Contains(services, one => one.ImplementationType == typeof(RingThroughQueue));
        Assert.DoesNotContain(services, one => one.ImplementationType == typeof(OutboxPump));
    }

    [Fact]
    public void With_an_endpoint_the_engine_is_there_and_orders_are_carried_straight_to_it()
    {
        var services = Chosen(("Scheduler:Endpoint", "https://practice.westeurope.durabletask.io"));

        Assert.Contains(services, one => one.ImplementationType == typeof(ScheduledEngine));
        Assert.Contains(services, one => one.ImplementationType == typeof(OutboxPump));
        Assert.DoesNotContain(services, one => one.ImplementationType == typeof(RingThroughQueue));
    }

    private static ServiceCollection Chosen(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(one => one.Name, one => (string?)one.Value))
            .Build();
        var services = new ServiceCollection();
        services.AddEngine(ProgramOptions.From(configuration).Scheduler, configuration);
        return services;
    }
}
