namespace PracticPro.Access;

/// <summary>Registers this room.</summary>
internal static class AccessRegistration
{
    public static IServiceCollection AddAccess(this IServiceCollection services) => services
        .AddSingleton<CreatePractice>()
        .AddSingleton<SignIn>()
        .AddSingleton<Sessions>();
}
