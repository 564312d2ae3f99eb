using Mono.Cecil;
using Mono.Cecil.Cil;
using PracticPro.Audit.Verify;

namespace PracticPro.Tests.Audit.Verify;

/// <summary>The verifier must run where the program does not: it may name System and itself, nothing else.</summary>
public sealed class VerifierStandsAloneTests
{
    private const string Room = "PracticPro.Audit.Verify";

    [Fact]
    public void The_verifier_names_nothing_outside_System()
    {
        using var assembly = AssemblyDefinition.ReadAssembly(typeof(AuditFolderVerifier).Assembly.Location);
        var types = assembly.MainModule.GetTypes().Where(IsOfRoom).ToList();
        Assert.True(types.Count > 20, "The verifier's types were not found.");
        var strangers = types.SelectMany(Named).Where(IsStrange).Select(type => type.FullName).Distinct().Order();
        Assert.Empty(strangers);
    }

    private static bool IsOfRoom(TypeDefinition type) => Outermost(type).Namespace == Room;

    private static bool IsStrange(TypeReference type)
    {
        var outer = Outermost(type);
        return outer.Namespace != Room
            && outer.Namespace != "System"
            && !outer.Namespace.StartsWith("System.", StringComparison.Ordinal)
            && !(outer.Namespace.Length == 0 && outer.Name[0] == '<');
    }

    private static TypeReference Outermost(TypeReference type) =>
        type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<TypeReference> Named(TypeDefinition type) => new[] { type.BaseType }
        .Concat(type.Interfaces.Select(face => face.InterfaceType))
        .Concat(type.CustomAttributes.Select(attribute => attribute.AttributeType))
        .Concat(type.Fields.Select(field => field.FieldType))
        .Concat(type.Methods.SelectMany(Named))
        .Where(named => named is not null)
        .SelectMany(Parts);

    private static IEnumerable<TypeReference> Named(MethodDefinition method) => method.Parameters
        .Select(parameter => parameter.ParameterType)
        .Append(method.ReturnType)
        .Concat(method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : [])
        .Concat(method.HasBody ? method.Body.Instructions.SelectMany(Named) : []);

    private static IEnumerable<TypeReference> Named(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        MethodReference called => called.Parameters.Select(parameter => parameter.ParameterType)
            .Append(called.DeclaringType).Append(called.ReturnType),
        FieldReference field => [field.DeclaringType, field.FieldType],
        _ => [],
    };

    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericParameter => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        TypeSpecification around => Parts(around.ElementType),
        _ => [type],
    };
}
