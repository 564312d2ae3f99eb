using PracticPro.Storage;

namespace PracticPro.Vault;

/// <summary>How a room says which kinds of documents it keeps.</summary>
internal static class SealedKindRegistration
{
    /// <summary>Kinds that are sealed.</summary>
    public static IServiceCollection AddSealedKinds(this IServiceCollection services, params ReadOnlySpan<SealedKind> kinds)
    {
        foreach (var kind in kinds)
        {
            services.AddSingleton(kind);
        }

        return services;
    }

    /// <summary>Kinds that are stored as they are, because they hold neither content nor personal values.</summary>
    public static IServiceCollection AddPlainKinds(this IServiceCollection services, params ReadOnlySpan<DocumentKind> kinds)
    {
        foreach (var kind in kinds)
        {
            services.AddSingleton(new PlainKind(kind.Name));
        }

        return services;
    }
}
