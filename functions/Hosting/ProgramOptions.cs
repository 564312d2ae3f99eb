using PracticPro.Access;
using PracticPro.Approvals;
using PracticPro.Backup;
using PracticPro.Durable.Remote;
using PracticPro.Egress;
using PracticPro.Hosting.Functions;
using PracticPro.Hosting.OnAzure;
using PracticPro.Sync;

namespace PracticPro.Hosting;

/// <summary>
/// All settings of the program, bound by the usual layers (files, environment, command line) and checked at start with
/// all errors at once.
/// </summary>
internal sealed record ProgramOptions(
    StandaloneOptions Standalone,
    ClockOptions Clock,
    EgressOptions Egress,
    SyncOptions Sync,
    ApprovalOptions Approvals,
    AccessOptions Access,
    SchedulerOptions Scheduler,
    FunctionsOptions Functions)
{
    public AzureOptions Azure { get; init; } = new();

    /// <summary>Off unless a folder is named.</summary>
    public BackupOptions Backup { get; init; } = new();

    public MemoryOptions Memory { get; init; } = new();

    /// <exception cref="SettingsException">One or more settings cannot be used.</exception>
    public static ProgramOptions From(IConfiguration configuration)
    {
        var options = new ProgramOptions(
            Section<StandaloneOptions>(configuration, "Standalone"),
            Section<ClockOptions>(configuration, "Clock"),
            Section<EgressOptions>(configuration, "Egress"),
            Section<SyncOptions>(configuration, "Sync"),
            Section<ApprovalOptions>(configuration, "Approvals"),
            Section<AccessOptions>(configuration, "Access"),
            Section<SchedulerOptions>(configuration, "Scheduler"),
            Section<FunctionsOptions>(configuration, "Functions"))
        {
            Azure = Section<AzureOptions>(configuration, "Azure"),
            Backup = Section<BackupOptions>(configuration, "Backup"),
            Memory = Section<MemoryOptions>(configuration, "Memory"),
        };
        string[] errors =
        [
            .. options.Standalone.Errors(), .. options.Egress.Errors(), .. options.Sync.Errors(), .. options.Approvals.Errors(),
            .. options.Access.Errors(), .. options.Scheduler.Errors(), .. options.Functions.Errors(),
            .. options.Azure.Errors(),
            .. options.Backup.Errors(), .. options.Memory.Errors(configuration), .. options.TogetherErrors(),
        ];
        return errors.Length == 0 ? options : throw new SettingsException(errors);
    }

    // Silence would let somebody believe in a backup that nobody makes.
    private IEnumerable<string> TogetherErrors() => Azure.IsSet && Backup.IsOn
        ? ["Backup:Folder is for stores on this machine. On Azure the account has continuous backup of its own."]
        : [];

    private static T Section<T>(IConfiguration configuration, string name)
        where T : new() => configuration.GetSection(name).Get<T>() ?? new T();
}

/// <summary>Section <c>Standalone</c>: running as one program on one machine.</summary>
internal sealed class StandaloneOptions
{
    /// <summary>Where everything is kept. Default <c>.data</c> in the working folder.</summary>
    public string Folder { get; init; } = ".data";

    /// <summary>Address to listen on. Loopback unless said otherwise; port 0 takes a free one.</summary>
    public string Listen { get; init; } = "http://127.0.0.1:7071";

    /// <summary>Where the key file lies. Default: <c>keys.json</c> in the folder.</summary>
    public string? KeyFile { get; init; }

    /// <summary>
    /// A reverse proxy on this machine ends TLS and says in X-Forwarded-For and -Proto for whom. Off unless said
    /// otherwise: without such a proxy anybody could claim any address.
    /// </summary>
    public bool BehindProxy { get; init; }

    public string KeyFilePath => KeyFile ?? Path.Combine(Folder, "keys.json");

    public IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(Folder))
        {
            yield return "Standalone:Folder must name a folder.";
        }

        if (!Uri.TryCreate(Listen, UriKind.Absolute, out var listen) || listen.Scheme is not ("http" or "https"))
        {
            yield return "Standalone:Listen must be an http or https address.";
        }
    }
}

/// <summary>Section <c>Clock</c>: for tests and rehearsals.</summary>
internal sealed class ClockOptions
{
    /// <summary>Seconds the program's clock runs ahead of (or, negative, behind) the machine's.</summary>
    public long OffsetSeconds { get; init; }
}

/// <summary>The settings cannot be used; the message lists why, a line each.</summary>
internal sealed class SettingsException(IEnumerable<string> errors)
    : Exception(string.Join(Environment.NewLine, errors));
