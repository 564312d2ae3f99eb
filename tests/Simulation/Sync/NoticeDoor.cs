using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PracticPro.Sync.Published;
using PracticPro.Sync.Webhooks;
using PracticPro.Vault;

namespace PracticPro.Simulation.Sync;

/// <summary>
/// Where providers post their notifications, on loopback. Each is handed to the program's own use case: once, twice, later
/// and so in another order, or never though the provider believes it; or the provider is refused and has to come again. Which
/// is drawn from the seed; in which order they come is the machine's.
/// </summary>
internal sealed class NoticeDoor : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Lock gate = new();
    private readonly Random random;
    private readonly List<Posted> held = [];
    private readonly List<string> troubles = [];
    private bool isCalm;

    private NoticeDoor(WebApplication app, Random random) => (this.app, this.random) = (app, random);

    private enum Fate
    {
        Delivered,
        Doubled,
        Held,
        Lost,
        Refused,
    }

    /// <summary>Who is at home; nobody yet when null.</summary>
    public SyncProgram? Program { get; set; }

    /// <summary>What the program broke down over while it had power, a sentence each.</summary>
    public IReadOnlyList<string> Troubles
    {
        get
        {
            lock (gate)
            {
                return [.. troubles];
            }
        }
    }

    public static async Task<NoticeDoor> StartAsync(Random random, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        var app = builder.Build();
        var door = new NoticeDoor(app, random);
        app.Run(door.TakeAsync);
        await app.StartAsync(cancellation);
        return door;
    }

    public Uri AddressOf(Provider provider) => new(
        new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
        provider.Text);

    /// <summary>From now on each is delivered once. What was held back comes now.</summary>
    public async Task CalmAsync(CancellationToken cancellation)
    {
        lock (gate)
        {
            isCalm = true;
        }

        await GiveHeldAsync(cancellation);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var posted = new Posted(
            Provider.Parse(context.Request.Path.Value!.TrimStart('/')),
            new WebhookRequest(
                context.Request.Headers.ToImmutableDictionary(
                    static pair => pair.Key, static pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                context.Request.Query.ToImmutableDictionary(static pair => pair.Key, static pair => pair.Value.ToString()),
                body.ToArray()));
        switch (Drawn(posted))
        {
            case Fate.Refused:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            case Fate.Held or Fate.Lost:
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                return;
            case Fate.Doubled:
                await GiveAsync(posted, context.RequestAborted);
                break;
            default:
                break;
        }

        var answer = await GiveAsync(posted, context.RequestAborted);
        context.Response.StatusCode = answer?.Status ?? StatusCodes.Status503ServiceUnavailable;
        if (answer?.Text is { } text)
        {
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync(text, context.RequestAborted);
        }

        await GiveHeldAsync(context.RequestAborted);
    }

    private Fate Drawn(Posted posted)
    {
        lock (gate)
        {
            // A handshake asks for an answer: only a provider that is lied to could tell its fates apart.
            var fate = isCalm || posted.Request.Query.Count > 0 ? Fate.Delivered : random.Next(10) switch
            {
                0 or 1 => Fate.Lost,
                2 => Fate.Refused,
                3 or 4 => Fate.Doubled,
                5 or 6 => Fate.Held,
                _ => Fate.Delivered,
            };
            if (fate == Fate.Held)
            {
                held.Add(posted);
            }

            return fate;
        }
    }

    /// <summary>The newest first.</summary>
    private async Task GiveHeldAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Posted next;
            lock (gate)
            {
                if (held.Count == 0)
                {
                    return;
                }

                next = held[^1];
                held.RemoveAt(held.Count - 1);
            }

            await GiveAsync(next, cancellation);
        }
    }

    /// <returns>Null when nobody answered.</returns>
    private async Task<WebhookAnswer?> GiveAsync(Posted posted, CancellationToken cancellation)
    {
        if (Program is not { IsUp: true } program)
        {
            return null;
        }

        var power = program.Power;
        try
        {
            var outcome = await program.Get<ReceiveWebhook>().RunAsync(posted.Provider, posted.Request, cancellation);
            return outcome.Try(out var answer, out _) ? answer : new WebhookAnswer(StatusCodes.Status400BadRequest);
        }
        catch (Exception) when (!program.IsUp || program.Power != power || cancellation.IsCancellationRequested)
        {
            // It went down over it, and not because of it.
            return null;
        }
        catch (KeysExpiredException)
        {
            // The clock moved on by hours while it was being taken: whoever holds keys so long has none. It is sent again.
            return null;
        }
        catch (Exception broken)
        {
            lock (gate)
            {
                troubles.Add($"A notification of {posted.Provider} was not taken: {broken.GetType().Name}.");
            }

            return null;
        }
    }

    private sealed record Posted(Provider Provider, WebhookRequest Request)
    {
        public override string ToString() => "***";
    }
}
