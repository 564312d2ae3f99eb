using System.Collections.Immutable;
using PracticPro.Vault;

namespace PracticPro.Tests.Support;

/// <summary>What tests ask of the platform's keys.</summary>
internal static class FleetHashing
{
    /// <summary>The hash under the newest key.</summary>
    public static string FleetHash(this PlatformKeys keys, string directory, string value) =>
        keys.HashAsync(directory, value, TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult().Known[0];

    /// <summary>Keys of which there is one, and it is this.</summary>
    public static PlatformKeys KeysOf(byte[] key) => PlatformKeys
        .OpenAsync(new Given(key), TimeProvider.System, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    private sealed class Given(byte[] key) : IFleetHashKeys
    {
        public ValueTask<ImmutableArray<FleetHashGeneration>> ReadAsync(CancellationToken cancellation) =>
            ValueTask.FromResult<ImmutableArray<FleetHashGeneration>>([new(1, DateTimeOffset.UnixEpoch)]);

        public ValueTask<SecretBytes> OpenAsync(int number, CancellationToken cancellation) => ValueTask.FromResult(new SecretBytes(key));

        public ValueTask MakeAsync(int number, DateTimeOffset usedFrom, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask LetGoAsync(int number, DateTimeOffset from, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask RetireAsync(int number, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask EndRetiredAsync(CancellationToken cancellation) => throw new NotSupportedException();
    }
}
