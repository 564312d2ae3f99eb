using PracticPro.Access;
using PracticPro.Approvals;
using PracticPro.Assistant;
using PracticPro.Audit;
using PracticPro.Backup;
using PracticPro.Durable;
using PracticPro.Durable.Remote;
using PracticPro.Durable.Triggers;
using PracticPro.Egress;
using PracticPro.Hosting.Functions.Declarations;
using PracticPro.Hosting.Functions.Workflows;
using PracticPro.Hosting.Http;
using PracticPro.Hosting.Poison;
using PracticPro.Hosting.Status;
using PracticPro.Keys;
using PracticPro.Keys.Destruction;
using PracticPro.Sync;
using PracticPro.Tasks;
using PracticPro.Vault;
using PracticPro.Web;

namespace PracticPro.Hosting;

/// <summary>Puts the rooms together over the grounds the settings choose: one line a room.</summary>
internal static class Composition
{
    /// <summary>All of it on one machine, the workflow engine included.</summary>
    public static IServiceCollection AddPracticPro(
        this IServiceCollection services, ProgramOptions options, Grounds grounds, TimeProvider time) => services
        .AddProgram(options, grounds, time)
        .AddEngine(options)
        .AddSingleton<CarryOrders>();

    /// <summary>All but a workflow engine.</summary>
    public static IServiceCollection AddProgram(
        this IServiceCollection services, ProgramOptions options, Grounds grounds, TimeProvider time) => services
        .AddSingleton(time)
        .AddSingleton(options.Egress)
        .AddSingleton(options.Sync)
        .AddSingleton(options.Approvals)
        .AddSingleton(options.Access)
        .AddGrounds(grounds)
        .AddSingleton(new KeyRingOptions())
        .AddSingleton<KeyRevocations>()
        .AddSingleton<KeyRing>()
        .AddSingleton<TenantScopes>()
        .AddSingleton<EgressDoor>()
        .AddSingleton<BackupStatus>()
        .AddSingleton<ShowStatus>()
        .AddSingleton<PoisonWatch>()
        .AddSingleton<ReplayPoison>()
        .AddSingleton(TermsOf(options))
        .AddAudit(new AuditExportOptions { Folder = Path.Combine(options.Standalone.Folder, "exports") })
        .AddRooms();

    /// <summary>Every function the host is told of. Opens nothing and needs no settings.</summary>
    public static FunctionCatalog Functions()
    {
        using var rooms = new ServiceCollection().AddRooms().AddProgramFunctions().BuildServiceProvider();
        return new FunctionCatalog(Work(), rooms.GetServices<FunctionContribution>());
    }

    /// <summary>Every workflow and step of the rooms. Opens nothing and needs no settings.</summary>
    public static DurableRegistry Work()
    {
        using var rooms = new ServiceCollection().AddRooms().AddDurableRegistry().BuildServiceProvider();
        return rooms.GetRequiredService<DurableRegistry>();
    }

    /// <summary>Every kind of document the rooms keep. Opens nothing and needs no settings.</summary>
    public static SealedKinds Kinds()
    {
        using var rooms = new ServiceCollection().AddRooms().AddProgramFunctions().BuildServiceProvider();
        return rooms.GetRequiredService<SealedKinds>();
    }

    /// <summary>
    /// For how long copies of the store go back. In a folder a living stream keeps a whole copy that may be one interval
    /// older than the window; a day more for the sweep.
    /// </summary>
    public static BackupTerms TermsOf(ProgramOptions options) => options switch
    {
        { Azure.IsSet: true } => BackupTerms.Account,
        { Backup.IsOn: true } => BackupTerms.Folder(
            options.Backup.Window + options.Backup.SnapshotEvery + TimeSpan.FromDays(1)),
        _ => BackupTerms.None,
    };

    private static IServiceCollection AddGrounds(this IServiceCollection services, Grounds grounds) => grounds.AddTo(services);

    private static IServiceCollection AddRooms(this IServiceCollection services) => services
        .AddPlainKinds(MendFailedWorkflows.Kind)
        .AddAccess()
        .AddSync()
        .AddApprovals()
        .AddTasks()
        .AddKeys()
        .AddAssistant()
        .AddWeb();

    /// <summary>The embedded hub, unless an engine elsewhere is named. The rooms see <see cref="IHub"/> and no more.</summary>
    private static IServiceCollection AddEngine(this IServiceCollection services, ProgramOptions options) =>
        options.Scheduler.IsSet
            ? services.AddScheduledDurable(options.Scheduler, static home => PlatformDoor.Only(home))
            : services.AddDurable(new DurableOptions { Folder = options.Standalone.Folder });

    /// <summary>Functions that are no room's: what carries HTTP and workflow orders.</summary>
    private static IServiceCollection AddProgramFunctions(this IServiceCollection services) => services
        .AddFunctions(typeof(RouteTable))
        .AddFunctions(typeof(OrderFunctions))
        .AddFunctions(typeof(MendFailedWorkflows))
        .AddFunctions(typeof(PoisonWatch));
}
