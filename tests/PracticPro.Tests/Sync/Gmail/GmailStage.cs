using PracticPro.Egress;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sync.Gmail;
using PracticPro.Tests.Sandbox;

namespace PracticPro.Tests.Sync.Gmail;

/// <summary>A mailbox with the sample mails, and the calls the program makes there.</summary>
internal sealed class GmailStage : IAsyncDisposable
{
    private readonly EgressDoor door;

    private GmailStage(SandboxClient sandbox)
    {
        Sandbox = sandbox;
        door = new EgressDoor(
            new EgressOptions { Homes = { [GoogleServices.Gmail.Name] = sandbox.Host.Address } }, TimeProvider.System);
        Mailbox = new GmailMailbox(
            door,
            new LentTokens(sandbox, GoogleServices.Gmail, GmailScopes.Readonly),
            new MailboxPace(1_000_000, TimeProvider.System),
            TimeProvider.System);
    }

    public SandboxClient Sandbox { get; }

    public GmailMailbox Mailbox { get; }

    public static async Task<GmailStage> OpenAsync() => new(await SandboxClient.StartWithSamplesAsync());

    public async ValueTask DisposeAsync()
    {
        door.Dispose();
        await Sandbox.DisposeAsync();
    }
}
