using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Egress;
using PracticPro.Hosting.Functions;
using PracticPro.Hosting.Functions.Front;
using PracticPro.Tests.Support;
using Yarp.ReverseProxy.Forwarder;

namespace PracticPro.Tests.Hosting.Functions;

public sealed class HttpRelayTests : IAsyncDisposable
{
    private readonly HttpMessageInvoker invoker = new(PlatformDoor.Loopback());
    private readonly List<WebApplication> servers = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        invoker.Dispose();
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_request_arrives_and_is_answered_as_it_was_sent()
    {
        var back = await ServeAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(Cancellation);
            context.Response.StatusCode = 207;
            context.Response.Headers.Append("Set-Cookie", new[] { "a=1", "b=2" });
            var request = context.Request;
            await context.Response.WriteAsync(
                $"{request.Method} {request.Host} {request.Path.Value}{request.QueryString} {request.Headers["X-Forwarded-For"]} {body}");
        });
        using var client = await FrontAsync(new Ready(back));
        using var request = new HttpRequestMessage(HttpMethod.Put, "/a%20b/c?x=1&x=2") { Content = new StringContent("said", Encoding.UTF8) };
        request.Headers.Host = "practice.example";
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");

        using var answer = await client.SendAsync(request, Cancellation);

        Assert.Equal(207, (int)answer.StatusCode);
        Assert.Equal(["a=1", "b=2"], answer.Headers.GetValues("Set-Cookie"));
        Assert.Equal(
            "PUT practice.example /a b/c?x=1&x=2 203.0.113.9 said",
            await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task While_there_is_no_back_a_caller_is_asked_to_come_again()
    {
        using var client = await FrontAsync(new Away());

        using var answer = await client.GetAsync("/api/v1", Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter!.Delta);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_back_that_dies_while_it_answers_is_told_in_the_same_way()
    {
        var back = await ServeAsync(static context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using var client = await FrontAsync(new Ready(back));

        using var answer = await client.GetAsync("/api/v1", Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    private async Task<HttpClient> FrontAsync(IBack back)
    {
        RequestDelegate? relay = null;
        var address = await ServeAsync(
            context => relay!(context),
            app => relay = new HttpRelay(
                back,
                app.Services.GetRequiredService<IHttpForwarder>(),
                invoker,
                new FunctionsOptions(),
                NullLogger<HttpRelay>.Instance).RelayAsync);
        return LoopbackHttp.To(address);
    }

    private async Task<Uri> ServeAsync(RequestDelegate answer, Action<WebApplication>? before = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHttpForwarder();
        var server = builder.Build();
        servers.Add(server);
        before?.Invoke(server);
        server.Run(answer);
        await server.StartAsync(Cancellation);
        return new Uri(server.Urls.Single());
    }

    private sealed class Ready(Uri address) : IBack
    {
        public ValueTask<BackAddresses?> ReadyAsync(TimeSpan patience, CancellationToken cancellation) =>
            new(new BackAddresses(address, address));
    }

    private sealed class Away : IBack
    {
        public ValueTask<BackAddresses?> ReadyAsync(TimeSpan patience, CancellationToken cancellation) => default;
    }
}
