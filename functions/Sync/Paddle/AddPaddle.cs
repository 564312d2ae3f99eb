using PracticPro.Vault;

namespace PracticPro.Sync.Paddle;

/// <summary>Registers the receiver of what Paddle tells.</summary>
internal static class PaddleRegistration
{
    public static IServiceCollection AddPaddle(this IServiceCollection services) => services
        .AddSingleton<ReceivePaddleNotification>()
        .AddSealedKinds(BillingNotice.Kept.Sealed);
}
