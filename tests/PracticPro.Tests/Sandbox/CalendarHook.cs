using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace PracticPro.Tests.Sandbox;

/// <summary>One notification as it came in; all it says stands in its headers.</summary>
internal sealed record ReceivedNotice(IReadOnlyDictionary<string, string> Headers, int BodyBytes)
{
    public string State => Headers["X-Goog-Resource-State"];

    public long Number => long.Parse(Headers["X-Goog-Message-Number"], null);

    public string Channel => Headers["X-Goog-Channel-ID"];
}

/// <summary>The receiving end of calendar channels: answers what it is told to and keeps what came.</summary>
internal sealed class CalendarHook : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Channel<ReceivedNotice> notices = Channel.CreateUnbounded<ReceivedNotice>();

    private CalendarHook(WebApplication app) => this.app = app;

    /// <summary>Answers for the next notifications; 204 when it has run out.</summary>
    public Queue<int> Statuses { get; } = [];

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public int Waiting => notices.Reader.Count;

    public static async Task<CalendarHook> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var hook = new CalendarHook(builder.Build());
        hook.app.Run(hook.TakeAsync);
        await hook.app.StartAsync(TestContext.Current.CancellationToken);
        IServer server = hook.app.Services.GetRequiredService<IServer>();
        string address = server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        hook.Address = new Uri(address + "/webhooks/google-calendar");
        return hook;
    }

    public ValueTask<ReceivedNotice> NextAsync() => notices.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        Dictionary<string, string> headers = context.Request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        context.Response.StatusCode = Statuses.TryDequeue(out int status) ? status : 204;
        await notices.Writer.WriteAsync(new ReceivedNotice(headers, (int)body.Length), context.RequestAborted);
    }
}
