using System.Diagnostics.CodeAnalysis;

namespace PracticPro.Durable;

/// <summary>
/// What can be run, by name. Filled at start and not changed after. Names are explicit, since they stand in stored
/// histories; they are compared without regard to case, and a second use of one is refused.
/// </summary>
internal sealed class DurableRegistry
{
    private readonly Dictionary<string, Func<Orchestration>> orchestrations = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Func<IServiceProvider, Activity>> activities =
        new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<string> Orchestrations => orchestrations.Keys;

    public IReadOnlyCollection<string> Activities => activities.Keys;

    public DurableRegistry AddOrchestration<TOrchestration>(string name)
        where TOrchestration : Orchestration, new() => AddOrchestration(name, static () => new TOrchestration());

    /// <summary>The same, and the compiler checks that name and class have the same types.</summary>
    public DurableRegistry AddOrchestration<TInput, TOutput>(
        OrchestrationName<TInput, TOutput> name,
        Func<Orchestration<TInput, TOutput>> make) => AddOrchestration(name.Text, make);

    /// <summary>Made from the services of a scope that lasts as long as one delivery.</summary>
    public DurableRegistry AddActivity<TActivity>(string name)
        where TActivity : Activity => AddActivity(name, ActivatorUtilities.GetServiceOrCreateInstance<TActivity>);

    /// <summary>The same, and the compiler checks that name and class have the same types.</summary>
    public DurableRegistry AddActivity<TInput, TOutput>(
        ActivityName<TInput, TOutput> name,
        Func<IServiceProvider, Activity<TInput, TOutput>> make) => AddActivity(name.Text, make);

    internal bool TryMakeOrchestration(string name, [NotNullWhen(true)] out Orchestration? orchestration)
    {
        orchestration = orchestrations.TryGetValue(name, out var make) ? make() : null;
        return orchestration is not null;
    }

    internal bool TryMakeActivity(string name, IServiceProvider services, [NotNullWhen(true)] out Activity? activity)
    {
        activity = activities.TryGetValue(name, out var make) ? make(services) : null;
        return activity is not null;
    }

    private DurableRegistry AddOrchestration(string name, Func<Orchestration> make)
    {
        Check(name);
        orchestrations.Add(name, make);
        return this;
    }

    private DurableRegistry AddActivity(string name, Func<IServiceProvider, Activity> make)
    {
        Check(name);
        activities.Add(name, make);
        return this;
    }

    private static void Check(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Length > 100 || name[0] == '@')
        {
            // A leading @ marks entities in the Durable extension.
            throw new ArgumentException("A name has at most 100 characters and no @ in front.", nameof(name));
        }
    }
}
