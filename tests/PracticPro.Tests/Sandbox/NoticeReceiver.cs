using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace PracticPro.Tests.Sandbox;

/// <summary>One notification as it came in, to the byte.</summary>
internal sealed record SignedNotice(IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>The receiving end of signed notifications: answers what it is told to and keeps what came.</summary>
internal sealed class NoticeReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<SignedNotice> _notices = Channel.CreateUnbounded<SignedNotice>();

    private NoticeReceiver(WebApplication app) => _app = app;

    /// <summary>Answers for the next notifications; 200 when it has run out.</summary>
    public Queue<int> Statuses { get; } = [];

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public bool HasMore => _notices.Reader.Count > 0;

    public static async Task<NoticeReceiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new NoticeReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        IServer server = receiver._app.Services.GetRequiredService<IServer>();
        receiver.Address = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/webhooks");
        return receiver;
    }

    public ValueTask<SignedNotice> NextAsync() => _notices.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        context.Response.StatusCode = Statuses.TryDequeue(out int status) ? status : 200;
        var headers = context.Request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        await _notices.Writer.WriteAsync(new SignedNotice(headers, body.ToArray()), context.RequestAborted);
    }
}
