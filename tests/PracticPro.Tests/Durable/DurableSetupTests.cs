using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PracticPro.Durable;
using PracticPro.Kernel;

namespace PracticPro.Tests.Durable;

/// <summary>Options, names and registration.</summary>
public sealed class DurableSetupTests
{
    private static readonly OrchestrationName<int, int> Twice = new("twice");

    [Fact]
    public async Task The_host_starts_and_stops_a_hub_with_what_the_rooms_add()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services
            .AddDurableWork(registry => registry.Code(Twice, (_, input) => Task.FromResult(2 * input)))
            .AddDurable(new DurableOptions())
            .AddDurableWork(registry => registry.WithAddOne());
        using var host = builder.Build();
        await host.StartAsync(TestHub.Cancellation);
        var client = host.Services.GetRequiredService<HubClient>();
        await client.StartAsync(Twice, InstanceId.Parse("one"), 21, TestHub.Cancellation);
        var end = await client.WaitForCompletionAsync(
            InstanceId.Parse("one"), TimeSpan.FromSeconds(30), TestHub.Cancellation);
        await host.StopAsync(TestHub.Cancellation);
        Assert.Equal("42", end?.Output);
    }

    [Fact]
    public void Options_out_of_range_are_refused_with_all_errors_at_once()
    {
        var options = new DurableOptions { ConcurrentTurns = 0, DeliveryMemory = TimeSpan.FromDays(1) };
        var refused = Assert.Throws<ArgumentException>(options.Validate);
        Assert.Contains("ConcurrentTurns", refused.Message, StringComparison.Ordinal);
        Assert.Contains("DeliveryMemory", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_is_registered_once_whatever_its_case() =>
        Assert.Throws<ArgumentException>(() => new DurableRegistry()
            .Code(Twice, (_, input) => Task.FromResult(input))
            .Code(new OrchestrationName<int, int>("TWICE"), (_, input) => Task.FromResult(input)));

    [Theory]
    [InlineData("a", true)]
    [InlineData("acme:mail-sync.7~x", true)]
    [InlineData("", false)]
    [InlineData("@entity", false)]
    [InlineData("a/b", false)]
    [InlineData("a b", false)]
    [InlineData("jürgen", false)]
    public void An_instance_id_takes_what_every_engine_takes(string text, bool valid) =>
        Assert.Equal(valid, InstanceId.TryParse(text, out _));

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void An_instance_id_has_at_most_256_characters(int length, bool valid) =>
        Assert.Equal(valid, InstanceId.TryParse(new string('a', length), out _));

    [Fact]
    public void A_child_of_the_longest_tenant_still_has_a_valid_id()
    {
        var tenant = TenantId.Parse(new string('a', 40));
        var child = InstanceId.For(tenant, "x").Child(Guid.Empty);
        Assert.True(InstanceId.TryParse(child.Text, out _));
    }
}
