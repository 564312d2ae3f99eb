using System.Reflection;
using PracticPro.Durable.Triggers;

namespace PracticPro.Hosting.Functions.Declarations;

/// <summary>One function as the host is told of it. The set is closed.</summary>
/// <param name="Name">Folder, path of its calls, and name in logs.</param>
/// <param name="Bindings">The trigger first.</param>
internal abstract record FunctionDeclaration(string Name, IReadOnlyList<BindingDeclaration> Bindings)
{
    /// <summary>A turn of a workflow. Answered by the front.</summary>
    public sealed record Orchestration(string Name)
        : FunctionDeclaration(Name, [new("orchestrationTrigger", "in", "context")]);

    /// <summary>A step of a workflow.</summary>
    public sealed record Activity(string Name) : FunctionDeclaration(Name, [new("activityTrigger", "in", "input")]);

    /// <summary>The whole of HTTP. Never called by name: the host hands its requests on as they are.</summary>
    public sealed record Http(string Name, IReadOnlyList<BindingDeclaration> Bindings) : FunctionDeclaration(Name, Bindings);

    /// <summary>A method with a queue or timer trigger.</summary>
    public sealed record Called(string Name, IReadOnlyList<BindingDeclaration> Bindings, MethodInfo Method, TriggerAttribute Trigger)
        : FunctionDeclaration(Name, Bindings);

}

/// <summary>One binding of <c>function.json</c>.</summary>
/// <param name="Properties">In the order they are written.</param>
internal sealed record BindingDeclaration(
    string Type, string Direction, string Name, params IReadOnlyList<BindingProperty> Properties);

/// <param name="Value">A text, a truth value, or a list of texts.</param>
internal sealed record BindingProperty(string Name, object Value);
