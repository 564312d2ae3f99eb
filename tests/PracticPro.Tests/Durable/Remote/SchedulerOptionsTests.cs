using System.Net;
using Azure.Core;
using PracticPro.Durable.Remote;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Durable.Remote;

/// <summary>How the program is pointed at an engine elsewhere, and what it tells it of itself.</summary>
public sealed class SchedulerOptionsTests
{
    [Theory]
    [InlineData("https://hub.westeurope.durabletask.io", nameof(SchedulerAuthentication.ManagedIdentity), true)]
    [InlineData("https://127.0.0.1:8080", nameof(SchedulerAuthentication.None), true)]
    [InlineData("http://127.0.0.1:8080", nameof(SchedulerAuthentication.None), true)]
    [InlineData("http://127.0.0.1:8080", nameof(SchedulerAuthentication.DefaultAzure), false)]
    [InlineData("http://hub.example", nameof(SchedulerAuthentication.None), false)]
    [InlineData("ftp://127.0.0.1", nameof(SchedulerAuthentication.None), false)]
    [InlineData("hub.example", nameof(SchedulerAuthentication.DefaultAzure), false)]
    public void An_address_without_tls_is_for_this_machine_only(string endpoint, string authentication, bool good)
    {
        var options = new SchedulerOptions { Endpoint = endpoint, Authentication = Enum.Parse<SchedulerAuthentication>(authentication) };

        Assert.Equal(good, !options.Errors().Any());
    }

    [Fact]
    public void Without_an_endpoint_there_is_no_engine_elsewhere_and_nothing_to_check()
    {
        var options = new SchedulerOptions { TaskHub = "", ClientId = "x" };

        Assert.False(options.IsSet);
        Assert.Empty(options.Errors());
    }

    [Fact]
    public void A_client_id_goes_with_a_managed_identity_only()
    {
        var options = new SchedulerOptions { Endpoint = "https://hub.example", ClientId = "x" };

        Assert.Single(options.Errors());
    }

    [Fact]
    public async Task A_token_is_kept_until_five_minutes_before_its_end()
    {
        var clock = new FakeClock();
        var credential = new Counting(clock);
        using var tokens = new SchedulerTokens(credential, clock);
        var cancellation = TestContext.Current.CancellationToken;

        var first = await tokens.TokenAsync(cancellation);
        clock.Advance(TimeSpan.FromMinutes(54));
        var same = await tokens.TokenAsync(cancellation);
        clock.Advance(TimeSpan.FromMinutes(1));
        var next = await tokens.TokenAsync(cancellation);

        Assert.Equal((first, 2), (same, credential.Asked));
        Assert.NotEqual(first, next);
        Assert.Equal("https://durabletask.io/.default", credential.Scope);
    }

    [Fact]
    public async Task Every_call_says_which_hub_which_worker_and_who()
    {
        var clock = new FakeClock();
        var sent = new Catching();
        using var invoker = new HttpMessageInvoker(
            new SchedulerHeaders("my-hub", new SchedulerTokens(new Counting(clock), clock), sent));

        using var request = new HttpRequestMessage(HttpMethod.Post, "https://hub.example/");
        using var response = await invoker.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("my-hub", Assert.Single(sent.Last!.Headers.GetValues("taskhub")));
        Assert.Equal(3, Assert.Single(sent.Last.Headers.GetValues("workerid")).Split(',').Length);
        Assert.Equal("practicpro", Assert.Single(sent.Last.Headers.GetValues("x-user-agent")));
        Assert.Equal("Bearer token-1", sent.Last.Headers.Authorization!.ToString());
    }

    /// <summary>Gives tokens of an hour, numbered.</summary>
    private sealed class Counting(TimeProvider time) : TokenCredential
    {
        public int Asked { get; private set; }

        public string? Scope { get; private set; }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scope = requestContext.Scopes.Single();
            return new AccessToken($"token-{++Asked}", time.GetUtcNow() + TimeSpan.FromHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }

    private sealed class Catching : HttpMessageHandler
    {
        public HttpRequestMessage? Last { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Last = request;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
        }
    }
}
