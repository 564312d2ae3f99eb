using PracticPro.Vault.Drivers.Local;

namespace PracticPro.Hosting.Standalone;

/// <summary>
/// The program on one machine: web server, workflow hub, stores and keys in one process and one data folder.
/// A second program on the same folder is refused.
/// </summary>
internal static class StandaloneHost
{
    /// <param name="args">Settings as <c>--Section:Name value</c>, over those of files and the environment.</param>
    public static async Task<WebApplication> BuildAsync(string[] args, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        var options = ProgramOptions.From(builder.Configuration);
        var time = OffsetClock.Of(options.Clock);
        builder.WebHost.UseUrls(options.Standalone.Listen);
        builder.WebHost.ConfigureKestrel(static server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = 1 << 20;
        });
        builder.Logging.ClearProviders().AddSimpleConsole(static console => console.SingleLine = true);
        using var startLog = LoggerFactory.Create(static logging => logging.AddSimpleConsole(static console => console.SingleLine = true));
        var vault = await LocalVault.OpenAsync(
            options.Standalone.KeyFilePath, time, startLog.CreateLogger("PracticPro.Vault"), cancellation);
        builder.Services.AddSingleton(vault);
        builder.Services.AddPracticPro(options, vault, time);
        builder.Services.AddHostedService<OutboxPump>();
        return builder.Build();
    }
}
