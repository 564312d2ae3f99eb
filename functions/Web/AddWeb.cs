namespace PracticPro.Web;

/// <summary>Registers this room.</summary>
internal static class WebRegistration
{
    public static IServiceCollection AddWeb(this IServiceCollection services) => services
        .AddSingleton<ShowSignIn>()
        .AddSingleton<ShowInbox>()
        .AddSingleton<ShowApproval>()
        .AddSingleton<ShowAttachment>()
        .AddSingleton<DecideOnPage>()
        .AddSingleton<ShowConnections>()
        .AddSingleton<ShowScopes>()
        .AddSingleton<ShowAudit>();
}
