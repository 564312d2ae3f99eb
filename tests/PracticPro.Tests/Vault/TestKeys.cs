using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Tests.Vault;

/// <summary>Keys made from given bytes, for tests that must know them.</summary>
internal static class TestKeys
{
    public static TenantKeys Of(TenantId tenant, params (Purpose Purpose, uint Generation, byte[] Key)[] keys) =>
        new(
            tenant,
            keys.Select(key => (key.Purpose, new DataKey(key.Generation, new SecretBytes(key.Key)))),
            SecretBytes.Random(DataKey.Bytes),
            TimeProvider.System,
            TimeSpan.FromHours(1));

    public static byte[] Filled(byte with) => [.. Enumerable.Repeat(with, DataKey.Bytes)];
}
