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

/// <summary>The receiving end of change notifications: validates as it is told to, and keeps what came.</summary>
internal sealed class GraphReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<JsonNode> _posts = Channel.CreateUnbounded<JsonNode>();

    private GraphReceiver(WebApplication app) => _app = app;

    /// <summary>What is answered to a validation, made from the token as it was in the address, decoded.</summary>
    public Func<string, IResult> Validates { get; set; } = token => Results.Text(token, "text/plain");

    /// <summary>Answers for the next posts; 202 when it has run out.</summary>
    public Queue<int> Statuses { get; } = [];

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public Uri Lifecycle => new(Address, "/lifecycle");

    public static async Task<GraphReceiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddLogging();
        var receiver = new GraphReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        IServer server = receiver._app.Services.GetRequiredService<IServer>();
        string address = server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        receiver.Address = new Uri(address + "/notifications");
        return receiver;
    }

    public ValueTask<JsonNode> NextAsync() => _posts.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public bool HasMore => _posts.Reader.Count > 0;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        if (context.Request.Query["validationToken"].FirstOrDefault() is string token)
        {
            await Validates(token).ExecuteAsync(context);
            return;
        }

        JsonNode? body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        context.Response.StatusCode = Statuses.TryDequeue(out int status) ? status : 202;
        await _posts.Writer.WriteAsync(body!, context.RequestAborted);
    }
}
