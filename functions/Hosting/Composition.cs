using PracticPro.Access;
using PracticPro.Approvals;
using PracticPro.Assistant;
using PracticPro.Audit;
using PracticPro.Durable;
using PracticPro.Durable.Remote;
using PracticPro.Egress;
using PracticPro.Storage;
using PracticPro.Storage.Drivers;
using PracticPro.Storage.Drivers.Sqlite;
using PracticPro.Sync;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.Local;
using PracticPro.Web;

namespace PracticPro.Hosting;

/// <summary>Puts the rooms together over the embedded drivers: one line a room.</summary>
internal static class Composition
{
    public static IServiceCollection AddPracticPro(
        this IServiceCollection services, ProgramOptions options, LocalVault vault, TimeProvider time) => services
        .AddSingleton(time)
        .AddSingleton(options.Egress)
        .AddSingleton(options.Sync)
        .AddSingleton(options.Approvals)
        .AddSingleton(options.Access)
        .AddEmbeddedStorage(new EmbeddedStorageOptions { Folder = options.Standalone.Folder })
        .AddSingleton(vault.KeyEncryption)
        .AddSingleton(vault.PlatformKeys)
        .AddSingleton(vault.Signer)
        .AddSingleton(new KeyRingOptions())
        .AddSingleton<KeyRing>()
        .AddSingleton<QueueBell>()
        .AddSingleton<TenantScopes>()
        .AddSingleton<EgressDoor>()
        .AddEngine(options)
        .AddSingleton<CarryOrders>()
        .AddAudit(new AuditExportOptions { Folder = Path.Combine(options.Standalone.Folder, "exports") })
        .AddAccess()
        .AddSync()
        .AddApprovals()
        .AddAssistant()
        .AddWeb();

    /// <summary>The embedded hub, unless an engine elsewhere is named. The rooms see <see cref="IHub"/> and no more.</summary>
    private static IServiceCollection AddEngine(this IServiceCollection services, ProgramOptions options) =>
        options.Scheduler.IsSet
            ? services.AddScheduledDurable(options.Scheduler, PlatformDoor.Only)
            : services.AddDurable(new DurableOptions { Folder = options.Standalone.Folder });
}
