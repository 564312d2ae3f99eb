using PracticPro.FunctionsHost.App;

namespace PracticPro.FunctionsHost.Durable;

/// <summary>What the Durable side is told once, at the start of a host.</summary>
/// <param name="RepeatsTurns">Every turn is asked twice, and both answers must have the same bytes.</param>
internal sealed record DurableSettings(AppFolder App, ExtensionVersion Extension, bool RepeatsTurns)
{
    /// <summary>Turns at a time.</summary>
    public int Orchestrations => App.Settings.MostOrchestrations;

    /// <summary>Activities at a time.</summary>
    public int Activities => App.Settings.MostActivities;

    /// <summary>The function of an orchestration's name; null when there is none.</summary>
    public Function? Orchestration(string name) => Find("orchestrationTrigger", name);

    public Function? Activity(string name) => Find("activityTrigger", name);

    private Function? Find(string trigger, string name) => App.Functions.FirstOrDefault(one =>
        one.Trigger.Type == trigger && one.DurableName.Equals(name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Which Durable extension is stood for.</summary>
internal enum ExtensionVersion
{
    /// <summary>2.13.7.</summary>
    Two = 2,

    /// <summary>3.x.</summary>
    Three = 3,
}
