namespace PracticPro.Durable.Remote;

/// <summary>How the program proves to the engine who it is.</summary>
internal enum SchedulerAuthentication
{
    /// <summary>Not at all: an engine on this machine, such as the scheduler's emulator or <c>hub serve</c>.</summary>
    None,

    /// <summary>As the managed identity it runs under.</summary>
    ManagedIdentity,

    /// <summary>As whoever is signed in: for development.</summary>
    DefaultAzure,
}

/// <summary>
/// Section <c>Scheduler</c>: an engine elsewhere in place of the embedded hub. Without an endpoint there is none.
/// </summary>
internal sealed class SchedulerOptions
{
    /// <summary>Address of Durable Task Scheduler: https, or http on this machine.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Name of the task hub at that address.</summary>
    public string TaskHub { get; init; } = "default";

    public SchedulerAuthentication Authentication { get; init; } = SchedulerAuthentication.DefaultAzure;

    /// <summary>Which managed identity, where the program has several.</summary>
    public string? ClientId { get; init; }

    public bool IsSet => !string.IsNullOrWhiteSpace(Endpoint);

    public Uri Address => new(Endpoint!);

    public IEnumerable<string> Errors()
    {
        if (!IsSet)
        {
            yield break;
        }

        if (!Uri.TryCreate(Endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            yield return "Scheduler:Endpoint must be an https address.";
        }
        else if (address.Scheme == "http" && !(address.IsLoopback && Authentication == SchedulerAuthentication.None))
        {
            yield return "Scheduler:Endpoint may be http only on this machine, with Scheduler:Authentication None.";
        }

        if (string.IsNullOrWhiteSpace(TaskHub) || TaskHub.Any(symbol => symbol is <= ' ' or > '~'))
        {
            yield return "Scheduler:TaskHub must name a task hub.";
        }

        if (ClientId is not null && Authentication != SchedulerAuthentication.ManagedIdentity)
        {
            yield return "Scheduler:ClientId goes with Scheduler:Authentication ManagedIdentity.";
        }
    }
}
