using PracticPro.Vault;

namespace PracticPro.Tests.Support;

/// <summary>What tests ask of the platform's keys.</summary>
internal static class FleetHashing
{
    /// <summary>The hash under the newest key.</summary>
    public static string FleetHash(this PlatformKeys keys, string directory, string value) =>
        keys.HashAsync(directory, value, TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult().Known[0];
}
