using System.Net;
using PracticPro.Egress;
using PracticPro.Hosting.Functions.Declarations;
using PracticPro.Hosting.Standalone;

namespace PracticPro.Hosting.Functions.Front;

/// <summary>
/// The process that the Functions host starts and talks to: no stores, no keys, nothing that takes long. It listens on
/// loopback at the port it is told, and on nothing else whatever the settings say.
/// </summary>
internal static partial class FrontHost
{
    private const string Port = "FUNCTIONS_CUSTOMHANDLER_PORT";
    private const string Runtime = "FUNCTIONS_WORKER_RUNTIME";
    private const long Megabyte = 1 << 20;

    /// <param name="settings">As <c>--Section:Name value</c>, over those of files and the environment.</param>
    /// <exception cref="SettingsException">A setting cannot be used, or no host started this.</exception>
    public static WebApplication Build(string[] settings, TextWriter output, BackCommand back)
    {
        // Empty: the usual builder would listen where ASPNETCORE_URLS says, which is the host's own address.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(Directory.GetCurrentDirectory(), "appsettings.json"), optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(settings)
            .Build();
        var options = OptionsFrom(configuration);
        var port = PortFrom(configuration);
        LimitMemory(options.FrontMemory);
        StandaloneHost.ConfigureLog(builder.Logging);
        ConfigureServer(builder, port);
        AddServices(builder.Services, options, port, output, back);
        var app = builder.Build();
        var door = app.Services.GetRequiredService<FrontDoor>();
        app.Run(door.AnswerAsync);
        if (!string.Equals(configuration[Runtime], "custom", StringComparison.OrdinalIgnoreCase))
        {
            LogRuntime(app.Logger);
        }

        return app;
    }

    private static FunctionsOptions OptionsFrom(IConfiguration configuration)
    {
        var options = configuration.GetSection("Functions").Get<FunctionsOptions>() ?? new FunctionsOptions();
        string[] errors = [.. options.Errors()];
        return errors.Length == 0 ? options : throw new SettingsException(errors);
    }

    private static int PortFrom(IConfiguration configuration) =>
        configuration.GetValue<int?>(Port) is { } port and > 0 and <= IPEndPoint.MaxPort
            ? port
            : throw new SettingsException([$"{Port} is not set: the Functions host starts this, and says where to listen."]);

    private static void ConfigureServer(WebApplicationBuilder builder, int port) => builder.WebHost
        .UseKestrelCore()
        .ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Listen(IPAddress.Loopback, port);
            // What may be how large is decided where it is read: here for calls, in the back for requests.
            server.Limits.MaxRequestBodySize = null;
        });

    private static void AddServices(
        IServiceCollection services, FunctionsOptions options, int port, TextWriter output, BackCommand back) => services
        .AddSingleton(TimeProvider.System)
        .AddSingleton<IHostLifetime, DeafLifetime>()
        .AddSingleton(options)
        .AddSingleton(output)
        .AddSingleton(back)
        .AddSingleton(Composition.Work())
        .AddSingleton(Composition.Functions())
        .AddSingleton(static provider => new HttpMessageInvoker(PlatformDoor.Loopback()))
        .AddSingleton(provider => new HostCalls(provider.GetRequiredService<FunctionCatalog>(), port))
        .AddSingleton<TurnDesk>()
        .AddSingleton<FrontEnd>()
        .AddSingleton<CallRelay>()
        .AddSingleton<HttpRelay>()
        .AddSingleton<ShapeRecorder>()
        .AddSingleton<FrontDoor>()
        .AddSingleton<BackKeeper>()
        .AddSingleton<IBack>(static provider => provider.GetRequiredService<BackKeeper>())
        .AddHostedService(static provider => provider.GetRequiredService<BackKeeper>())
        .AddHostedService(static provider => new HostWatch(
            HostWatch.ParentOfThisProcess, provider.GetRequiredService<FrontEnd>(), provider.GetRequiredService<TimeProvider>()))
        .AddHttpForwarder();

    /// <summary>So that a turn that asks for too much is told so, instead of the machine being told to kill this process.</summary>
    private static void LimitMemory(int megabytes)
    {
        if (megabytes > 0)
        {
            AppContext.SetData("GCHeapHardLimit", (ulong)(megabytes * Megabyte));
            GC.RefreshMemoryLimit();
        }
    }

    [LoggerMessage(928, LogLevel.Warning, "FUNCTIONS_WORKER_RUNTIME is not custom: the workflow extension may speak its older protocol, and no turn can then be answered.")]
    private static partial void LogRuntime(ILogger log);
}
