using PracticPro.Storage.Drivers.Sqlite;

namespace PracticPro.Storage.Drivers;

/// <summary>Registers the embedded drivers. For Hosting only.</summary>
internal static class EmbeddedStorageRegistration
{
    /// <summary>
    /// <see cref="IStorage"/> and <see cref="IFleet"/> over one data folder. The folder is taken when the first of
    /// them is asked for, and let go with the container. <see cref="TimeProvider"/> must be registered.
    /// </summary>
    public static IServiceCollection AddEmbeddedStorage(
        this IServiceCollection services, EmbeddedStorageOptions options) => services
        .AddSingleton(provider => SqliteStorage.Open(options, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<IStorage>(provider => provider.GetRequiredService<SqliteStorage>())
        .AddSingleton(provider => provider.GetRequiredService<SqliteStorage>().Fleet);
}
