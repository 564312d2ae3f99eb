namespace PracticPro.Durable.Triggers;

/// <summary>
/// Declares a function of the Functions host, on the static method that is it. One parameter carries the trigger; the
/// rest are a <see cref="DurableClientAttribute"/> hub, services, and a cancellation token. The class is made known by
/// <see cref="FunctionRegistration.AddFunctions"/>. Orchestrations and activities are not declared so: each one that is
/// registered is a function of its registered name.
/// </summary>
/// <param name="name">
/// A letter, then up to 127 letters, digits, hyphens and underscores. It is a folder, a path and a name in the portal.
/// </param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
