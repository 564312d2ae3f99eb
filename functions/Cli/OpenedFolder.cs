using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Hosting;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Cli;

/// <summary>
/// A data folder opened by a verb instead of a server: the same rooms over the same settings, nothing started and
/// nothing listening. The folder is held as long as it lives, so no server can run on it meanwhile.
/// </summary>
internal sealed class OpenedFolder : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private OpenedFolder(ServiceProvider services) => this.services = services;

    /// <exception cref="SettingsException">One or more settings cannot be used.</exception>
    /// <exception cref="Storage.Drivers.DataFolderInUseException">A server runs on the folder.</exception>
    public static async Task<OpenedFolder> OpenAsync(string[] settings, CancellationToken cancellation)
    {
        var options = Settings(settings);
        var time = OffsetClock.Of(options.Clock);
        var grounds = await Grounds.OpenAsync(options, time, NullLoggerFactory.Instance, cancellation);
        var services = new ServiceCollection().AddLogging().AddPracticPro(options, grounds, time).BuildServiceProvider();
        var opened = new OpenedFolder(services);
        try
        {
            // Taken now and not with the first record, so that a server in the way is met before anything is done.
            opened.Of<IVault>();
            opened.Of<IStorage>();
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>The settings as the server reads them: files, environment, this command line.</summary>
    public static ProgramOptions Settings(string[] settings) =>
        ProgramOptions.From(WebApplication.CreateSlimBuilder(settings).Configuration);

    public T Of<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>One that not all grounds have; null when these have none.</summary>
    public T? Find<T>()
        where T : class => services.GetService<T>();

    public async Task<bool> HasAsync(TenantId tenant, CancellationToken cancellation) =>
        await Of<IFleet>().TenantsAsync(cancellation).ContainsAsync(tenant, cancellationToken: cancellation);

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
