using System.Diagnostics.CodeAnalysis;

namespace PracticPro.Durable.Triggers;

/// <summary>A class with functions in it.</summary>
internal sealed record FunctionContribution([property: DynamicallyAccessedMembers(FunctionContribution.Looked)] Type Type)
{
    /// <summary>What is looked at by reflection, and so must outlive trimming.</summary>
    public const DynamicallyAccessedMemberTypes Looked =
        DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods;
}

/// <summary>Registration of functions.</summary>
internal static class FunctionRegistration
{
    /// <summary>Makes a class's functions known, those with a <see cref="FunctionAttribute"/>.</summary>
    public static IServiceCollection AddFunctions(
        this IServiceCollection services, [DynamicallyAccessedMembers(FunctionContribution.Looked)] Type type) =>
        services.AddSingleton(new FunctionContribution(type));
}
