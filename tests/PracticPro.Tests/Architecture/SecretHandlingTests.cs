using Microsoft.Extensions.Logging;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PracticPro.Tests.Architecture;

/// <summary>What code may do near a secret: log plain values only, and compare in constant time.</summary>
public sealed class SecretHandlingTests
{
    /// <summary>Types of ours that a log line may name: ids and states, which hold no content.</summary>
    private static readonly string[] Loggable =
    [
        "System.String", "System.Boolean", "System.Int32", "System.Int64", "System.Double", "System.TimeSpan", "System.DateTimeOffset",
        "System.Guid", "System.UInt32", "System.UInt64",
    ];

    /// <summary>How two texts or bytes are compared in a time that tells where they differ.</summary>
    private static readonly string[] Comparisons =
    [
        "System.String::op_Equality", "System.String::op_Inequality", "System.String::Equals", "System.String::CompareOrdinal",
        "System.MemoryExtensions::SequenceEqual", "System.Linq.Enumerable::SequenceEqual", "System.Collections.Generic.EqualityComparer`1",
    ];

    /// <summary>A logger around another one.</summary>
    private const string PassesOn = "ReplaySafeLogger";

    /// <summary>Comparisons of what is called like a secret and is none, or with nothing.</summary>
    private static readonly string[] NoSecretCompared = [];

    [Fact]
    [Trait("Promise", "MIN-2")]
    public void A_log_line_takes_plain_values_and_no_exception()
    {
        var lines = Compiled.Types
            .SelectMany(type => type.Methods)
            .Where(method => method.CustomAttributes.Any(one => one.AttributeType.Name == nameof(LoggerMessageAttribute)))
            .ToList();
        var strays =
            from line in lines
            from parameter in line.Parameters
            let type = parameter.ParameterType
            where !type.Name.StartsWith("ILogger", StringComparison.Ordinal)
                && !Loggable.Contains(type.FullName) && !IsIdOrState(type)
            select $"{line.FullName}: {parameter.Name}";

        Assert.True(lines.Count > 20);
        Assert.Empty(strays);
    }

    [Fact]
    [Trait("Promise", "MIN-2")]
    public void Nothing_is_logged_or_put_in_a_scope_but_by_a_declared_line()
    {
        // Lines that a generator wrote call the logger itself; nobody else does, and a scope could hold anything.
        string[] ways =
        [
            "Microsoft.Extensions.Logging.LoggerExtensions::Log", "Microsoft.Extensions.Logging.LoggerExtensions::BeginScope",
            "Microsoft.Extensions.Logging.ILogger::BeginScope", "System.Diagnostics.Trace::", "System.Diagnostics.Debug::Write",
            "System.Diagnostics.Activity::SetTag", "System.Diagnostics.Activity::AddTag", "System.Diagnostics.Activity::AddEvent",
            "System.Diagnostics.Activity::AddException", "System.Diagnostics.Activity::SetBaggage",
        ];

        Assert.NotEmpty(Compiled.CallersOf("Microsoft.Extensions.Logging.ILogger::Log"));
        Assert.Empty(ways.SelectMany(Compiled.CallersOf).Where(method => method.DeclaringType.Name != PassesOn).Select(method => method.FullName));
    }

    [Fact]
    [Trait("Promise", "CON-2")]
    public void The_serialiser_that_heeds_no_attribute_of_ours_is_named_by_one_driver_only()
    {
        var users = Compiled.Types
            .Where(type => Compiled.NamedBy(type).Any(named => named.FullName.StartsWith("Newtonsoft.", StringComparison.Ordinal)))
            .Select(type => type.FullName)
            .ToList();

        Assert.All(users, name => Assert.StartsWith("PracticPro.Storage.Drivers.Cosmos.", name, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Promise", "CON-2")]
    public void Secrets_are_compared_in_constant_time()
    {
        var compared = Compiled.Types
            .Where(type => !type.FullName.Contains("PracticPro.Durable.Wire", StringComparison.Ordinal))
            .SelectMany(type => type.Methods)
            .Where(method => method.HasBody && !IsWrittenForARecord(method))
            .SelectMany(Careless)
            .ToList();

        Assert.Empty(compared.Except(NoSecretCompared));
        Assert.NotEmpty(Compiled.CallersOf("System.Security.Cryptography.CryptographicOperations::FixedTimeEquals"));
    }

    [Fact]
    [Trait("Promise", "CON-2")]
    public void Nobody_compares_two_carriers_as_records_do()
    {
        var carriers = SecretMembers.Of(typeof(PracticPro.Kernel.TenantId).Assembly).Select(carrier => carrier.Type.FullName!.Replace('+', '/'));
        var callers =
            from carrier in carriers
            from way in new[] { "::op_Equality", "::op_Inequality", "::Equals" }
            from method in Compiled.CallersOf($" {carrier}{way}")
            where !IsWrittenForARecord(method)
            select method.FullName;

        Assert.Empty(callers);
    }

    [Fact]
    public void A_careless_comparison_would_be_found()
    {
        using var tests = AssemblyDefinition.ReadAssembly(typeof(SecretHandlingTests).Assembly.Location);
        var methods = tests.MainModule.GetTypes().Single(type => type.Name == nameof(CarelessComparisons)).Methods;

        Assert.Equal(
            [nameof(CarelessComparisons.ByText), nameof(CarelessComparisons.ByBytes), nameof(CarelessComparisons.OfAParameter)],
            methods.Where(method => Careless(method).Any()).Select(method => method.Name));
    }

    /// <summary>Comparisons just after something that is called like a secret was put there to be compared.</summary>
    private static IEnumerable<string> Careless(MethodDefinition method)
    {
        // What is compared is loaded by the few instructions before it.
        const int Reach = 8;
        var body = method.Body.Instructions;
        for (var at = 0; at < body.Count; at++)
        {
            if (body[at].Operand is not MethodReference called
                || !Comparisons.Any(one => called.FullName.Contains(one, StringComparison.Ordinal)))
            {
                continue;
            }

            for (var before = at - 1; before >= 0 && before >= at - Reach && body[before].OpCode.FlowControl is not (FlowControl.Branch or FlowControl.Cond_Branch); before--)
            {
                if (body[before].OpCode == OpCodes.Ldnull || body[before].OpCode == OpCodes.Ldstr)
                {
                    break;
                }

                if (Loaded(method, body[before]) is { } name && SoundsComparedSecret(name))
                {
                    yield return $"{method.FullName}: {name}";
                    break;
                }
            }
        }
    }

    // The hash of a token is found by looking it up; compared it is with another's, and then it counts.
    private static bool SoundsComparedSecret(string name) =>
        SecretMembers.SoundsSecret(name) || name is "TokenHash" or "SessionHash" or "StateHash";

    private static string? Loaded(MethodDefinition method, Instruction instruction) => instruction.Operand switch
    {
        MethodReference getter when getter.Name.StartsWith("get_", StringComparison.Ordinal) => getter.Name[4..],
        FieldReference field => field.Name.Trim('<', '>').Split('>')[0],
        ParameterDefinition parameter => parameter.Name,
        _ when Argument(instruction) is { } index => Parameter(method, index),
        _ => null,
    };

    private static int? Argument(Instruction instruction) => instruction.OpCode.Code switch
    {
        Code.Ldarg_0 => 0,
        Code.Ldarg_1 => 1,
        Code.Ldarg_2 => 2,
        Code.Ldarg_3 => 3,
        _ => null,
    };

    private static string? Parameter(MethodDefinition method, int index)
    {
        var at = method.HasThis ? index - 1 : index;
        return at >= 0 && at < method.Parameters.Count ? method.Parameters[at].Name : null;
    }

    private static bool IsWrittenForARecord(MethodDefinition method) =>
        method.Name is "Equals" or "op_Equality" or "op_Inequality" or "GetHashCode"
        && method.CustomAttributes.Any(one => one.AttributeType.Name == "CompilerGeneratedAttribute");

    private static bool IsIdOrState(TypeReference type) =>
        type.Resolve() is { } found
        && (found.IsEnum || (found.IsValueType && found.Interfaces.Any(one => one.InterfaceType.Name.StartsWith("IId", StringComparison.Ordinal)))
            || found.Name is "TenantId" or "InstanceId" or "SigningKeyId");

    private static class CarelessComparisons
    {
        public static bool ByText(SecretMembersTests.Careless one, string other) => one.RefreshToken == other;

        public static bool ByBytes(byte[] secret, byte[] other) => secret.AsSpan().SequenceEqual(other);

        public static bool OfAParameter(string password, string other) => string.Equals(password, other, StringComparison.Ordinal);

        public static bool WithNothing(SecretMembersTests.Careless one) => one.RefreshToken is null || one.RefreshToken == "";
    }
}
