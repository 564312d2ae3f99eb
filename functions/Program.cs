using PracticPro.Durable;
using PracticPro.Hosting;
using PracticPro.Hosting.Standalone;
using PracticPro.Storage.Drivers;
using PracticPro.Vault;

try
{
    await using var app = await StandaloneHost.BuildAsync(args, CancellationToken.None);
    await app.StartAsync();
    Console.WriteLine($"practicpro listening on {app.Urls.First()}");
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception told) when (told is SettingsException or DataFolderInUseException or HubInUseException or KeyFileException)
{
    await Console.Error.WriteLineAsync(told.Message);
    return 1;
}
