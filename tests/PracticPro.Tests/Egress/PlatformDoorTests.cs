using System.Net;
using PracticPro.Egress;

namespace PracticPro.Tests.Egress;

/// <summary>The program's own machinery is reached by a handler that reaches nothing else.</summary>
public sealed class PlatformDoorTests
{
    [Fact]
    [Trait("Promise", "APR-1")]
    public async Task The_loopback_handler_leads_to_this_machine()
    {
        using var listener = new HttpListener();
        var address = PracticPro.Cli.Demo.DemoServer.FreeAddress();
        listener.Prefixes.Add(address.ToString());
        listener.Start();
        var served = ServeOneAsync(listener);
        using var invoker = new HttpMessageInvoker(PlatformDoor.Loopback());

        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var answer = await invoker.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        await served;
    }

    [Theory]
    [InlineData("http://192.0.2.7/")]
    [InlineData("http://[2001:db8::1]/")]
    [Trait("Promise", "APR-1")]
    public async Task The_loopback_handler_leads_nowhere_else(string address)
    {
        using var invoker = new HttpMessageInvoker(PlatformDoor.Loopback());
        using var request = new HttpRequestMessage(HttpMethod.Get, address);

        await Assert.ThrowsAsync<HttpRequestException>(
            () => invoker.SendAsync(request, TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("Promise", "APR-1")]
    public async Task A_handler_for_one_host_does_not_lead_to_another()
    {
        using var invoker = new HttpMessageInvoker(PlatformDoor.Only(new Uri("http://127.0.0.1:9")));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.2:9/");

        var refused = await Assert.ThrowsAsync<HttpRequestException>(
            () => invoker.SendAsync(request, TestContext.Current.CancellationToken));

        Assert.Contains("does not lead there", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "ENC-3")]
    public void A_host_elsewhere_must_be_reached_by_tls() =>
        Assert.Throws<ArgumentException>(() => PlatformDoor.Only(new Uri("http://engine.example")));

    private static async Task ServeOneAsync(HttpListener listener)
    {
        var context = await listener.GetContextAsync().WaitAsync(TestContext.Current.CancellationToken);
        context.Response.StatusCode = (int)HttpStatusCode.NoContent;
        context.Response.Close();
    }
}
