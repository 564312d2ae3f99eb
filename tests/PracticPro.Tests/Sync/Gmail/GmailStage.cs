using PracticPro.Egress;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sync;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Published;
using PracticPro.Tests.Sandbox;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync.Gmail;

/// <summary>A mailbox with the sample mails, and the calls the program makes there.</summary>
internal sealed class GmailStage : IAsyncDisposable
{
    private readonly EgressDoor door;
    private readonly CallBudget calls;

    private GmailStage(SandboxClient sandbox)
    {
        Sandbox = sandbox;
        Tokens = new LentTokens(sandbox, GoogleServices.Gmail, GmailScopes.Readonly);
        var options = new SyncOptions();
        calls = new CallBudget(new MemoryFleet(), options, sandbox.Clock);
        door = new EgressDoor(
            new EgressOptions { Homes = { [GoogleServices.Gmail.Name] = sandbox.Host.Address } }, TimeProvider.System);
        Mailbox = new GmailMailbox(
            door,
            Tokens,
            new CallEntrance(
                calls, ProviderBudgets.Gmail(options), LentTokens.Tenant, ConnectionId.New(TimeProvider.System), CallPriority.Interactive),
            TimeProvider.System);
    }

    public SandboxClient Sandbox { get; }

    public LentTokens Tokens { get; }

    public GmailMailbox Mailbox { get; }

    public static async Task<GmailStage> OpenAsync() => new(await SandboxClient.StartWithSamplesAsync());

    public async ValueTask DisposeAsync()
    {
        door.Dispose();
        calls.Dispose();
        await Sandbox.DisposeAsync();
    }
}
