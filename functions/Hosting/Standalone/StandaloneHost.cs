using Microsoft.AspNetCore.HttpOverrides;
using PracticPro.Audit;
using PracticPro.Backup.Drivers.Embedded;
using PracticPro.Durable.Embedded;
using PracticPro.Hosting.Http;
using PracticPro.Hosting.Poison;
using PracticPro.Hosting.Shredding;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Hosting.Standalone;

/// <summary>
/// The program on one machine: web server, workflow hub, stores and keys in one process and one data folder.
/// A second program on the same folder is refused.
/// </summary>
internal static class StandaloneHost
{
    public const long LargestRequest = 1 << 20;

    /// <summary>Everything built, opened and mapped, and not yet started.</summary>
    /// <param name="args">Settings as <c>--Section:Name value</c>, over those of files and the environment.</param>
    /// <exception cref="SettingsException">One or more settings cannot be used.</exception>
    /// <exception cref="Storage.Drivers.DataFolderInUseException">Another program has the data folder.</exception>
    /// <exception cref="Durable.HubInUseException">Another program has the task hub.</exception>
    /// <exception cref="Vault.KeyFileException">The key file cannot be trusted or read.</exception>
    public static async Task<WebApplication> BuildAsync(string[] args, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        var options = ProgramOptions.From(builder.Configuration);
        var time = OffsetClock.Of(options.Clock);
        ConfigureServer(builder, options.Standalone);
        ConfigureLog(builder.Logging);
        using var startLog = LoggerFactory.Create(ConfigureLog);
        var grounds = await Grounds.OpenAsync(options, time, startLog, cancellation);
        if (options.Backup.IsOn)
        {
            // The first to start is the last to end: its last round is for when nobody writes any longer.
            builder.Services.AddHostedService<BackUpInRounds>();
        }

        builder.Services.AddPracticPro(options, grounds, time);
        builder.Services.AddPracticProHttp();
        builder.Services
            .AddHostedService<OutboxPump>()
            .AddHostedService<DrainWebhookBuffer>()
            .AddHostedService<RotateKeysNowAndThen>()
            .AddHostedService<WatchPoisonNowAndThen>()
            .AddHostedService<TryShreddedNowAndThen>();

        var app = builder.Build();
        try
        {
            Open(app.Services);
            if (options.Standalone.BehindProxy)
            {
                app.UseForwardedHeaders(new ForwardedHeadersOptions
                {
                    ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
                });
            }

            app.UsePracticPro();
            app.MapPracticPro();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static void ConfigureServer(WebApplicationBuilder builder, StandaloneOptions options)
    {
        builder.WebHost.UseUrls(options.Listen).UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(static server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = LargestRequest;
        });
    }

    // The framework's own lines name paths, and a path can name a person's affairs: only its warnings are let through.
    // All of it goes to the standard output: on the other stream a Functions host would count each line as an error.
    public static void ConfigureLog(ILoggingBuilder logging) => logging
        .ClearProviders()
        .AddSimpleConsole(static console => console.SingleLine = true)
        .SetMinimumLevel(LogLevel.Information)
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddFilter("System", LogLevel.Warning)
        // Its errors print what was thrown, message and all. Nothing is thrown past our own catch but by a torn connection.
        .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical)
        .AddFilter("Yarp", LogLevel.Critical)
        .AddFilter("Grpc", LogLevel.Critical)
        .AddFilter("Azure", LogLevel.Critical);

    /// <summary>What every way of running opens before it listens.</summary>
    public static void OpenStores(IServiceProvider services)
    {
        services.GetRequiredService<IVault>();
        services.GetRequiredService<IStorage>();
        services.GetRequiredService<ZipAuditLog>().Sweep();
    }

    /// <summary>Takes the folder and the hub now, so that a second program is told before it listens.</summary>
    private static void Open(IServiceProvider services)
    {
        OpenStores(services);

        // Not there when an engine elsewhere is named.
        services.GetService<EmbeddedHub>();
    }
}
