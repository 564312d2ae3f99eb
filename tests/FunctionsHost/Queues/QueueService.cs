using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace PracticPro.FunctionsHost.Queues;

/// <summary>
/// The part of the Azure Storage Queue REST interface that its client library needs: create, delete and list queues;
/// put, take, peek, update, delete and clear messages. Any signature is accepted.
/// </summary>
internal sealed class QueueService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private QueueService(WebApplication app, Uri address)
    {
        _app = app;
        Address = address;
    }

    public Uri Address { get; }

    public static async Task<QueueService> StartAsync(QueueStore store, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.AddServerHeader = false;
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        var app = builder.Build();
        app.UseRouting();
        app.Use(Stamp);
        MapQueues(app, store);
        MapMessages(app, store);
        await app.StartAsync(cancellation);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new QueueService(app, new Uri(address));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static Task Stamp(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers["x-ms-request-id"] = context.TraceIdentifier;
        context.Response.Headers["x-ms-version"] = context.Request.Headers["x-ms-version"].FirstOrDefault() ?? "2024-08-04";
        return next(context);
    }

    private static void MapQueues(WebApplication app, QueueStore store)
    {
        app.MapGet("/{account}", () => QueueXml.Names(store.Names()));
        app.MapPut("/{account}/{queue}", (string queue) =>
            Results.StatusCode(store.Create(queue) ? StatusCodes.Status201Created : StatusCodes.Status204NoContent));
        app.MapDelete("/{account}/{queue}", (string queue) => store.Delete(queue) ? Results.NoContent() : QueueXml.NoQueue());
        app.MapMethods("/{account}/{queue}", ["GET", "HEAD"], (string queue, HttpContext context) =>
        {
            if (!store.Names().Contains(queue))
            {
                return QueueXml.NoQueue();
            }

            context.Response.Headers["x-ms-approximate-messages-count"] =
                store.All(queue).Count.ToString(CultureInfo.InvariantCulture);
            return Results.Ok();
        });
    }

    private static void MapMessages(WebApplication app, QueueStore store)
    {
        const string all = "/{account}/{queue}/messages";
        const string one = "/{account}/{queue}/messages/{id}";
        app.MapPost(all, async (string queue, int? visibilitytimeout, int? messagettl, HttpContext context) =>
            await QueueXml.ReadTextAsync(context.Request) is not { } text ? QueueXml.Refusal(400, "InvalidXmlDocument")
            : store.Put(queue, text, Seconds(visibilitytimeout), messagettl is null ? null : Seconds(messagettl)) is { } message
                ? QueueXml.Put(message)
                : QueueXml.NoQueue());
        app.MapGet(all, (string queue, int? numofmessages, int? visibilitytimeout, bool? peekonly) =>
            (peekonly == true
                ? store.Peek(queue, numofmessages ?? 1)
                : store.Take(queue, numofmessages ?? 1, Seconds(visibilitytimeout ?? 30))) is { } taken
                ? QueueXml.Taken(taken, peekonly == true)
                : QueueXml.NoQueue());
        app.MapDelete(all, (string queue) => store.Clear(queue) ? Results.NoContent() : QueueXml.NoQueue());
        app.MapDelete(one, (string queue, string id, string popreceipt) => QueueXml.Verdict(store.Remove(queue, id, popreceipt)));
        app.MapPut(one, async (string queue, string id, string popreceipt, int visibilitytimeout, HttpContext context) =>
        {
            var text = await QueueXml.ReadTextAsync(context.Request);
            var (verdict, updated) = store.Update(queue, id, popreceipt, Seconds(visibilitytimeout), text);
            if (updated is not null)
            {
                context.Response.Headers["x-ms-popreceipt"] = updated.PopReceipt;
                context.Response.Headers["x-ms-time-next-visible"] = updated.VisibleAt.ToString("R", CultureInfo.InvariantCulture);
            }

            return QueueXml.Verdict(verdict);
        });
    }

    private static TimeSpan Seconds(int? seconds) => TimeSpan.FromSeconds(seconds ?? 0);
}
