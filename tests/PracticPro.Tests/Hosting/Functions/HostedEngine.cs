using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Durable;
using PracticPro.Durable.Execution;
using PracticPro.Durable.Protocol;
using PracticPro.Durable.Remote;
using PracticPro.Egress;
using PracticPro.FunctionsHost;
using PracticPro.FunctionsHost.App;
using PracticPro.FunctionsHost.Durable;
using PracticPro.FunctionsHost.Faults;
using PracticPro.FunctionsHost.Handler;
using PracticPro.Hosting.Functions;
using PracticPro.Hosting.Functions.Back;
using PracticPro.Hosting.Functions.Declarations;
using PracticPro.Hosting.Functions.Front;
using PracticPro.Hosting.Functions.Payloads;
using PracticPro.Tests.Contracts;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Hosting.Functions;

/// <summary>
/// A Functions host on the test's clock with the program's own turns and calls behind it, in this process but over HTTP.
/// A restart of the worker is one of the host, which listens for clients on another port afterwards.
/// </summary>
internal sealed class HostedEngine : IEngineUnderTest
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestCall = TimeSpan.FromDays(40);
    private readonly WebApplication handler;
    private readonly FakeHost host;
    private readonly AttachedHandler attached;
    private readonly TurnDesk turns;
    private GrpcHubChannel channel;

    private HostedEngine(
        DurableRegistry registry, WebApplication handler, AttachedHandler attached, TurnDesk turns, FakeHost host, FakeClock clock)
    {
        (Registry, this.handler, this.attached, this.turns, this.host, Clock) = (registry, handler, attached, turns, host, clock);
        (channel, Hub) = Connect();
    }

    public DurableRegistry Registry { get; }

    public FaultPlan Faults => host.Faults;

    /// <summary>How often the handler was killed.</summary>
    public int Kills => attached.Restarts;

    public IHub Hub { get; private set; }

    public FakeClock Clock { get; }

    /// <param name="timeout">How long the host lets a function run; with it, turns are asked for only once.</param>
    public static async Task<HostedEngine> StartAsync(
        Action<DurableRegistry> fill, ExtensionVersion extension, FaultPlan faults, TimeSpan? timeout = null)
    {
        var registry = new DurableRegistry();
        fill(registry);
        var options = new FunctionsOptions { DurableExtension = (int)extension };
        var turns = new TurnDesk(registry, options, TimeProvider.System, NullLoggerFactory.Instance);
        var handler = await ListenAsync(registry, turns, options);
        var attached = new AttachedHandler(new Uri(handler.Urls.First()));
        var clock = new FakeClock();
        var host = await FakeHost.StartAsync(
            new FakeHostOptions
            {
                App = AppFolder.Of(new HostSettings(), FunctionsOf(registry)),
                Handler = attached,
                Clock = clock,
                Extension = extension,
                Faults = faults,
                FunctionTimeout = timeout,
                RepeatsTurns = timeout is null,
            },
            EngineMoves.Cancellation);
        return new HostedEngine(registry, handler, attached, turns, host, clock);
    }

    public string? Lacks(Ability ability) => ability switch
    {
        Ability.EndChildren => "The Durable extension ends one instance at a time.",
        Ability.RefuseTakenChildIds => "Nobody promises that the Durable extension refuses a child whose id is taken.",
        Ability.TellInnerFailures => "The Durable extension tells type and message of a failure, and not what is inside.",
        _ => null,
    };

    public Task IdleAsync() => host.WhenIdleAsync(EngineMoves.Cancellation)
        .WaitAsync(Limit, TimeProvider.System, EngineMoves.Cancellation);

    public async Task RestartWorkerAsync()
    {
        await host.RestartAsync(EngineMoves.Cancellation);
        channel.Dispose();
        (channel, Hub) = Connect();
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        await host.DisposeAsync();
        await handler.DisposeAsync();
        turns.Dispose();
    }

    private (GrpcHubChannel Channel, IHub Hub) Connect()
    {
        var to = new GrpcHubChannel(host.GrpcAddress, PlatformDoor.Loopback());
        return (to, new RemoteHub(to, WireDialect.Functions, Clock, LongestCall));
    }

    private static IEnumerable<Function> FunctionsOf(DurableRegistry registry) =>
        new FunctionCatalog(registry, []).All.Select(one => Function.Of(one.Name, one.Bindings[0].Type, one.Bindings[0].Name));

    private static async Task<WebApplication> ListenAsync(
        DurableRegistry registry, TurnDesk turns, FunctionsOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static server =>
        {
            server.Limits.MaxRequestBodySize = null;
            server.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        var catalog = new FunctionCatalog(registry, []);
        var calls = new CallDesk(
            catalog,
            new ActivityRunner(registry, app.Services, NullLogger.Instance),
            new CallMethod(app.Services, new NoEngine()),
            options,
            NullLogger<CallDesk>.Instance);
        app.Run(context => IsTurn(catalog, context) ? turns.AnswerAsync(context) : calls.AnswerAsync(context));
        await app.StartAsync(EngineMoves.Cancellation);
        return app;
    }

    private static bool IsTurn(FunctionCatalog catalog, HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method)
        && catalog.TryFind(context.Request.Path.Value![1..], out var function)
        && function is FunctionDeclaration.Orchestration;

    /// <summary>No function here asks for a client.</summary>
    private sealed class NoEngine : IEngine
    {
        public IHub HubOf(PayloadValue client) => throw new InvalidOperationException("Nobody asks.");
    }
}
