using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PracticPro.Tests.Architecture;

/// <summary>The program as it was compiled: what each type names and what each method calls.</summary>
internal static class Compiled
{
    private static readonly Lazy<AssemblyDefinition> Loaded =
        new(static () => AssemblyDefinition.ReadAssembly(typeof(PracticPro.Kernel.TenantId).Assembly.Location));

    /// <summary>Types of the program's own rooms, nested and generated ones included.</summary>
    public static IEnumerable<TypeDefinition> Types =>
        Loaded.Value.Modules
            .SelectMany(module => module.GetTypes())
            .Where(type => Room.Of(type.FullName) is not null);

    public static IEnumerable<string> PackagesNamedBy(Func<TypeDefinition, bool> which) =>
        Types.Where(which).SelectMany(NamedBy).Select(type => type.Scope.Name).Distinct();

    /// <summary>Every type that a type's signatures, fields, attributes and code name.</summary>
    public static IEnumerable<TypeReference> NamedBy(TypeDefinition type)
    {
        var named = new List<TypeReference?> { type.BaseType };
        named.AddRange(type.Interfaces.Select(implemented => implemented.InterfaceType));
        named.AddRange(type.Fields.Select(field => field.FieldType));
        foreach (var method in type.Methods)
        {
            named.Add(method.ReturnType);
            named.AddRange(method.Parameters.Select(parameter => parameter.ParameterType));
            named.AddRange(Instructions(method).Select(Named));
        }

        return named.OfType<TypeReference>().SelectMany(Unfolded);
    }

    public static IEnumerable<Instruction> Instructions(MethodDefinition method) =>
        method.HasBody ? method.Body.Instructions : [];

    /// <summary>Methods of the program that call one whose full name holds the text.</summary>
    public static IEnumerable<MethodDefinition> CallersOf(string calledNameHolds) =>
        from type in Types
        from method in type.Methods
        where Instructions(method).Any(instruction =>
            instruction.Operand is MethodReference called
            && called.FullName.Contains(calledNameHolds, StringComparison.Ordinal))
        select method;

    private static TypeReference? Named(Instruction instruction) => instruction.Operand switch
    {
        MethodReference method => method.DeclaringType,
        FieldReference field => field.DeclaringType,
        TypeReference type => type,
        _ => null,
    };

    private static IEnumerable<TypeReference> Unfolded(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Unfolded).Append(generic.ElementType),
        TypeSpecification specification => Unfolded(specification.ElementType),
        GenericParameter => [],
        _ => [type],
    };
}
