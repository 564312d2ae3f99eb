using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using PracticPro.Durable;
using PracticPro.Durable.Execution;
using PracticPro.Hosting.Functions.Front;
using PracticPro.Hosting.Functions.Workflows;
using PracticPro.Hosting.Http;
using PracticPro.Hosting.Standalone;
using PracticPro.Storage.Drivers;

namespace PracticPro.Hosting.Functions.Back;

/// <summary>
/// The process behind the front: the whole program, with its stores and keys. It has two ports on loopback, one for HTTP
/// and one for what the host calls, so that no request from outside can be taken for a call.
/// </summary>
internal static class BackHost
{
    private static readonly TimeSpan FolderPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    /// <summary>Everything built and opened, and not yet started. Waits for a back that is dying to let go of the folder.</summary>
    /// <param name="settings">As <c>--Section:Name value</c>, over those of files and the environment.</param>
    /// <exception cref="SettingsException">One or more settings cannot be used.</exception>
    /// <exception cref="DataFolderInUseException">Another program has the data folder and keeps it.</exception>
    /// <exception cref="Vault.KeyFileException">The key file cannot be trusted or read.</exception>
    public static async Task<WebApplication> BuildAsync(string[] settings, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await TryBuildAsync(settings, cancellation);
            }
            catch (DataFolderInUseException) when (time.GetElapsedTime(since) < FolderPatience)
            {
                await Task.Delay(BetweenTries, time, cancellation);
            }
        }
    }

    /// <summary>Where it listens, once it is started.</summary>
    public static BackAddresses AddressesOf(WebApplication app) =>
        app.Urls.ToList() is [var http, var calls]
            ? new BackAddresses(new Uri(http), new Uri(calls))
            : throw new InvalidOperationException("The back listens on more than its two addresses.");

    private static async Task<WebApplication> TryBuildAsync(string[] settings, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder(settings);
        var options = ProgramOptions.From(builder.Configuration);
        var time = OffsetClock.Of(options.Clock);
        ConfigureServer(builder);
        StandaloneHost.ConfigureLog(builder.Logging);
        using var startLog = LoggerFactory.Create(StandaloneHost.ConfigureLog);
        var grounds = await Grounds.OpenAsync(options, time, startLog, cancellation);
        builder.Services.AddProgram(options, grounds, time).AddPracticProHttp();
        AddCalls(builder, options);
        var app = builder.Build();
        try
        {
            StandaloneHost.OpenStores(app.Services);
            Map(app, options.Functions);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    // By code and not by address: the environment's ASPNETCORE_URLS is the host's own.
    private static void ConfigureServer(WebApplicationBuilder builder) => builder.WebHost.ConfigureKestrel(static server =>
    {
        server.AddServerHeader = false;
        server.Limits.MaxRequestBodySize = StandaloneHost.LargestRequest;
        server.Listen(IPAddress.Loopback, 0);
        server.Listen(IPAddress.Loopback, 0, static calls => calls.Use(next => connection =>
        {
            connection.Items[typeof(CallDesk)] = true;
            return next(connection);
        }));
    });

    private static void AddCalls(WebApplicationBuilder builder, ProgramOptions options)
    {
        builder.Services
            .AddSingleton(options.Functions)
            .AddSingleton(Composition.Functions())
            .AddSingleton<IHostLifetime, DeafLifetime>()
            .Configure<HostOptions>(static host => host.ShutdownTimeout = EndPatience)
            .AddSingleton(static provider => new ActivityRunner(
                provider.GetRequiredService<DurableRegistry>(),
                provider,
                provider.GetRequiredService<ILoggerFactory>().CreateLogger("PracticPro.Durable")))
            .AddSingleton<CallMethod>()
            .AddSingleton<CallDesk>()
            .AddSingleton<RoundsMade>()
            .AddSingleton<MendFailedWorkflows>()
            .AddEngine(options.Scheduler, builder.Configuration);
    }

    private static void Map(WebApplication app, FunctionsOptions options)
    {
        var calls = app.Services.GetRequiredService<CallDesk>();
        app.MapWhen(
            static context => context.Features.GetRequiredFeature<IConnectionItemsFeature>().Items.ContainsKey(typeof(CallDesk)),
            branch => branch.Run(calls.AnswerAsync));
        if (options.TrustedHops > 0)
        {
            app.UseForwardedHeaders(new ForwardedHeadersOptions
            {
                ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
                ForwardLimit = options.TrustedHops,
            });
        }

        app.UsePracticPro();
        app.MapPracticPro();
    }
}
