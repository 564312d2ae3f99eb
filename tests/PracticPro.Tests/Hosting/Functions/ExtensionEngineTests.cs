using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Durable.Remote;
using PracticPro.Hosting.Functions.Back;
using PracticPro.Hosting.Functions.Payloads;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Hosting.Functions;

public sealed class ExtensionEngineTests : IDisposable
{
    private readonly ExtensionEngine engine = new(new FakeClock(), NullLogger<ExtensionEngine>.Instance);

    public void Dispose() => engine.Dispose();

    [Fact]
    public void Before_any_call_said_so_nobody_knows_where_the_engine_is() =>
        Assert.Throws<HubUnreachableException>(() => engine.Client);

    [Fact]
    public void The_address_is_learnt_from_a_call_and_kept_while_it_stays_the_same()
    {
        engine.HubOf(PayloadBindings.Read(Golden.Row("durable-client.json", "durableclient-http").Utf8, "client"));
        var first = engine.Client;
        engine.HubOf(Said("http://localhost:4001"));
        Assert.Same(first, engine.Client);

        engine.HubOf(Said("http://127.0.0.1:41234"));
        Assert.NotSame(first, engine.Client);
    }

    [Theory]
    [InlineData("http://203.0.113.9:4001")]
    [InlineData("http://engine.example")]
    [InlineData("https://127.0.0.1:4001")]
    [InlineData("file:///tmp/engine")]
    [InlineData("4001")]
    [InlineData("")]
    public void An_address_that_is_not_on_this_machine_is_not_taken(string address)
    {
        Assert.Throws<PayloadUnreadableException>(() => engine.HubOf(Said(address)));
        Assert.Throws<HubUnreachableException>(() => engine.Client);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("no JSON")]
    public void A_client_without_an_address_is_refused(string? client) =>
        Assert.Throws<PayloadUnreadableException>(() => engine.HubOf(client is null ? PayloadValue.None : PayloadValue.Text(client)));

    private static PayloadValue Said(string address) => PayloadValue.Text($$"""{"taskHubName":"h","rpcBaseUrl":"{{address}}"}""");
}
