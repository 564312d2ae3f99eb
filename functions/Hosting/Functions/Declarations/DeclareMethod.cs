using System.Reflection;
using PracticPro.Durable;
using PracticPro.Durable.Triggers;

namespace PracticPro.Hosting.Functions.Declarations;

/// <summary>Reads one method's attributes into a declaration.</summary>
internal static class DeclareMethod
{
    /// <summary>What the host gives HTTP to: every method there is a name for.</summary>
    private static readonly string[] Methods = ["get", "post", "put", "delete", "patch", "head", "options"];

    /// <exception cref="InvalidOperationException">It has not exactly one trigger, or one that its parameter cannot take.</exception>
    public static FunctionDeclaration Read(string name, MethodInfo method)
    {
        var triggers = method.GetParameters()
            .Select(parameter => (Parameter: parameter, Trigger: parameter.GetCustomAttribute<TriggerAttribute>()))
            .Where(one => one.Trigger is not null)
            .ToList();
        if (triggers is not [var (parameter, trigger)])
        {
            throw new InvalidOperationException($"The function {name} needs exactly one trigger.");
        }

        return trigger switch
        {
            HttpTriggerAttribute http => new FunctionDeclaration.Http(name, Of(http)),
            QueueTriggerAttribute queue => new FunctionDeclaration.Called(
                name, [Of(queue, parameter), .. Clients(name, method)], method, queue),
            TimerTriggerAttribute timer when parameter.ParameterType == typeof(TimerTick) => new FunctionDeclaration.Called(
                name, [Of(timer, parameter), .. Clients(name, method)], method, timer),
            _ => throw new InvalidOperationException($"The function {name} has a trigger that its parameter cannot take."),
        };
    }

    // Neither a key nor anything else of the host's stands before our own doors, which let nobody pass unasked.
    private static IReadOnlyList<BindingDeclaration> Of(HttpTriggerAttribute http) =>
    [
        new("httpTrigger", "in", "request", new("authLevel", "anonymous"), new("methods", Methods), new("route", http.Route)),
        new("http", "out", "response"),
    ];

    private static BindingDeclaration Of(QueueTriggerAttribute queue, ParameterInfo parameter) => new(
        "queueTrigger", "in", parameter.Name!, new("queueName", queue.QueueName), new("connection", queue.Connection));

    private static BindingDeclaration Of(TimerTriggerAttribute timer, ParameterInfo parameter) => new(
        "timerTrigger", "in", parameter.Name!,
        new("schedule", timer.Schedule), new("runOnStartup", timer.RunOnStartup), new("useMonitor", timer.UseMonitor));

    private static IEnumerable<BindingDeclaration> Clients(string name, MethodInfo method)
    {
        foreach (var parameter in method.GetParameters().Where(one => one.IsDefined(typeof(DurableClientAttribute))))
        {
            yield return parameter.ParameterType == typeof(IHub)
                ? new BindingDeclaration("durableClient", "in", parameter.Name!)
                : throw new InvalidOperationException($"The function {name} takes its durable client as an {nameof(IHub)}.");
        }
    }
}
