using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.RegularExpressions;
using PracticPro.Durable;
using PracticPro.Durable.Triggers;

namespace PracticPro.Hosting.Functions.Declarations;

/// <summary>
/// Every function of the program: what its rooms' workflows are made of, and what methods declare. In ordinal order of
/// their names, which are compared without regard to case, since some disks do the same.
/// </summary>
internal sealed partial class FunctionCatalog
{
    private readonly SortedDictionary<string, FunctionDeclaration> functions = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="InvalidOperationException">A name that cannot be one, or is used twice; a method that cannot be a function.</exception>
    public FunctionCatalog(DurableRegistry registry, IEnumerable<FunctionContribution> contributions)
    {
        foreach (var orchestration in registry.Orchestrations)
        {
            Add(new FunctionDeclaration.Orchestration(orchestration));
        }

        foreach (var activity in registry.Activities)
        {
            Add(new FunctionDeclaration.Activity(activity));
        }

        foreach (var contribution in contributions)
        {
            AddMethods(contribution.Type);
        }
    }

    public IEnumerable<FunctionDeclaration> All => functions.Values.OrderBy(one => one.Name, StringComparer.Ordinal);

    /// <summary>The function that a call's path names. Exactly as it is written: that is how the host calls it.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out FunctionDeclaration? function) =>
        functions.TryGetValue(name, out function) && string.Equals(name, function.Name, StringComparison.Ordinal);

    private void AddMethods([DynamicallyAccessedMembers(FunctionContribution.Looked)] Type type)
    {
        const BindingFlags Where = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (var method in type.GetMethods(Where))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is { } function)
            {
                Add(DeclareMethod.Read(function.Name, method));
            }
        }
    }

    private void Add(FunctionDeclaration function)
    {
        if (!NameShape().IsMatch(function.Name))
        {
            throw new InvalidOperationException($"{function.Name} cannot be a function's name.");
        }

        if (!functions.TryAdd(function.Name, function))
        {
            throw new InvalidOperationException($"Two functions are called {function.Name}.");
        }
    }

    // What the host takes for a function's name (azure-functions-host, Utility.IsValidFunctionName).
    [GeneratedRegex(@"\A[a-zA-Z][a-zA-Z0-9_-]{0,127}\z")]
    private static partial Regex NameShape();
}
