namespace PracticPro.Durable.Triggers;

/// <summary>What makes a function run. Exactly one parameter of it has one.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal abstract class TriggerAttribute : Attribute;

/// <summary>
/// Runs for each message of a storage queue, at least once. The parameter is a <see cref="string"/>, the message's text,
/// or a type that is read from it as JSON. A run that throws gives the message back; after the host's limit of tries it
/// goes to the queue of the same name with <c>-poison</c> behind it.
/// </summary>
internal sealed class QueueTriggerAttribute(string queueName) : TriggerAttribute
{
    public string QueueName { get; } = queueName;

    /// <summary>Name of the setting, or of the group of settings, that says which account.</summary>
    public string Connection { get; init; } = "AzureWebJobsStorage";
}

/// <summary>Runs when a clock says so, on one instance of the app at a time. The parameter is a <see cref="TimerTick"/>.</summary>
/// <param name="schedule">Six fields in UTC: second, minute, hour, day, month, day of the week.</param>
internal sealed class TimerTriggerAttribute(string schedule) : TriggerAttribute
{
    public string Schedule { get; } = schedule;

    /// <summary>Also once when the host starts.</summary>
    public bool RunOnStartup { get; init; }

    /// <summary>A run that was missed is made up for; only for schedules of a minute and more.</summary>
    public bool UseMonitor { get; init; } = true;
}

/// <summary>Answers HTTP. Every method, for anybody: who may do what is decided behind it.</summary>
/// <param name="route">A route template, without a slash in front.</param>
internal sealed class HttpTriggerAttribute(string route) : TriggerAttribute
{
    public string Route { get; } = route;
}

/// <summary>Gives an <see cref="IHub"/>: the engine of the host that calls, at the address it says itself.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class DurableClientAttribute : Attribute;

/// <summary>A timer's tick.</summary>
/// <param name="IsPastDue">It should have run before.</param>
internal sealed record TimerTick(bool IsPastDue);
