using PracticPro.Kernel;
using PracticPro.Vault;

namespace PracticPro.Tests.Contracts;

/// <summary>
/// What a driver of the vault gives the contract suites: a clean vault, and further programs that open the same one. One
/// whose service is not configured says so in <see cref="Missing"/>; its tests then show as skipped, with that reason.
/// </summary>
internal abstract class VaultUnderTest : IAsyncDisposable
{
    /// <summary>Why the driver cannot run here, for a person; null when it can.</summary>
    public virtual string? Missing => null;

    /// <summary>Opens the vault as a program does that starts. Called again, it is another program.</summary>
    public abstract ValueTask<IVault> OpenAsync();

    public abstract ValueTask DisposeAsync();
}

/// <summary>What the suites share: one vault a test, and tenants nobody used before.</summary>
public abstract class VaultContract : IAsyncLifetime
{
    private VaultUnderTest? under;
    private IVault? vault;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected TenantId Here { get; } = TenantId.New(TimeProvider.System);

    private protected TenantId There { get; } = TenantId.New(TimeProvider.System);

    private protected IVault Vault => vault ?? throw new InvalidOperationException("The vault is not open.");

    public async ValueTask InitializeAsync()
    {
        under = Make();
        Assert.SkipWhen(under.Missing is not null, under.Missing ?? string.Empty);
        vault = await under.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        vault?.Dispose();
        if (under is { Missing: null })
        {
            await under.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private protected ValueTask<IVault> OpenAnotherAsync() => under!.OpenAsync();

    private protected abstract VaultUnderTest Make();
}
