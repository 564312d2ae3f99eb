using Azure.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Egress;
using PracticPro.Tests.Contracts;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.KeyVault;
using PracticPro.Vault.Drivers.Local;

namespace PracticPro.Tests.Vault.KeyVault;

/// <summary>The key file.</summary>
internal sealed class LocalUnderTest : VaultUnderTest
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("practicpro-vault-");

    public override async ValueTask<IVault> OpenAsync() => await LocalVault.OpenAsync(
        Path.Combine(folder.FullName, "keys", "local.keys"), TimeProvider.System, NullLogger.Instance, CancellationToken.None);

    public override ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}

/// <summary>The driver on the double.</summary>
internal sealed class DoubleUnderTest : VaultUnderTest
{
    private VaultPremises? premises;

    public override async ValueTask<IVault> OpenAsync()
    {
        premises ??= await VaultPremises.OpenAsync();
        return await premises.VaultAsync();
    }

    public override ValueTask DisposeAsync() => premises?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>
/// The driver on a real vault, whose address is in <c>PRACTICPRO_TEST_KEYVAULT</c>. Keys the tests made are deleted; they
/// lie in its bin until their purge date, so it should be a vault of its own.
/// </summary>
internal sealed class ServiceUnderTest : VaultUnderTest
{
    private const string Setting = "PRACTICPRO_TEST_KEYVAULT";
    private static readonly string? Address = Environment.GetEnvironmentVariables()[Setting] as string;
    private static readonly string Run = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(4));

    private readonly MemoryShelf shelf = new();

    public override string? Missing => Address is null ? $"{Setting} names no key vault." : null;

    public override async ValueTask<IVault> OpenAsync() => await KeyVaultVault.OpenAsync(
        new KeyVaultOptions
        {
            Endpoint = new Uri(Address!),
            SigningKey = $"test-{Run}-signing",
            PlatformKey = $"test-{Run}-wrapping",
        },
        new DefaultAzureCredential(),
        home => PlatformDoor.Only(home),
        shelf,
        TimeProvider.System,
        NullLogger.Instance,
        TestContext.Current.CancellationToken);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

public sealed class LocalKeyEncryptionContractTests : KeyEncryptionContract
{
    private protected override VaultUnderTest Make() => new LocalUnderTest();
}

public sealed class LocalCheckpointSignerContractTests : CheckpointSignerContract
{
    private protected override VaultUnderTest Make() => new LocalUnderTest();
}

public sealed class KeyVaultKeyEncryptionContractTests : KeyEncryptionContract
{
    private protected override VaultUnderTest Make() => new DoubleUnderTest();
}

public sealed class KeyVaultCheckpointSignerContractTests : CheckpointSignerContract
{
    private protected override VaultUnderTest Make() => new DoubleUnderTest();
}

public sealed class KeyVaultServiceKeyEncryptionContractTests : KeyEncryptionContract
{
    private protected override VaultUnderTest Make() => new ServiceUnderTest();
}

public sealed class KeyVaultServiceCheckpointSignerContractTests : CheckpointSignerContract
{
    private protected override VaultUnderTest Make() => new ServiceUnderTest();
}

public sealed class LocalFleetHashKeysContractTests : FleetHashKeysContract
{
    private protected override VaultUnderTest Make() => new LocalUnderTest();
}

public sealed class KeyVaultFleetHashKeysContractTests : FleetHashKeysContract
{
    private protected override VaultUnderTest Make() => new DoubleUnderTest();
}

public sealed class KeyVaultServiceFleetHashKeysContractTests : FleetHashKeysContract
{
    private protected override VaultUnderTest Make() => new ServiceUnderTest();
}
