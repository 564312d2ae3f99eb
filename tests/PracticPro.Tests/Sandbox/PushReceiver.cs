using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace PracticPro.Tests.Sandbox;

/// <summary>One push as it came in.</summary>
internal sealed record ReceivedPush(string? Token, JsonNode Body)
{
    public string Key => (string)Body["message"]!["messageId"]!;

    public JsonNode Notice => JsonNode.Parse(Convert.FromBase64String((string)Body["message"]!["data"]!))!;
}

/// <summary>The receiving end of a push subscription: answers what it is told to and keeps what came.</summary>
internal sealed class PushReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<ReceivedPush> _pushes = Channel.CreateUnbounded<ReceivedPush>();

    private PushReceiver(WebApplication app) => _app = app;

    /// <summary>Answers for the next pushes; 204 when it has run out.</summary>
    public Queue<int> Statuses { get; } = [];

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public static async Task<PushReceiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new PushReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        IServer server = receiver._app.Services.GetRequiredService<IServer>();
        string address = server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        receiver.Address = new Uri(address + "/webhooks/gmail");
        return receiver;
    }

    public ValueTask<ReceivedPush> NextAsync() => _pushes.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public bool HasMore => _pushes.Reader.Count > 0;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        JsonNode? body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        string authorization = context.Request.Headers.Authorization.ToString();
        context.Response.StatusCode = Statuses.TryDequeue(out int status) ? status : 204;
        string? token = authorization.StartsWith("Bearer ", StringComparison.Ordinal)
            ? authorization["Bearer ".Length..] : null;
        await _pushes.Writer.WriteAsync(new ReceivedPush(token, body!), context.RequestAborted);
    }
}
