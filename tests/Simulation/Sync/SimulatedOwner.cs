using Microsoft.AspNetCore.WebUtilities;
using PracticPro.Access;
using PracticPro.Cli.Demo;
using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Published;

namespace PracticPro.Simulation.Sync;

/// <summary>The practice's owner: connects its accounts at the provider's own page, and connects them again.</summary>
internal sealed class SimulatedOwner(SignedIn by, SyncProgram program, DemoSandbox sandbox)
{
    public TenantId Tenant => by.Tenant;

    /// <summary>To the consent page, there and back. Fails as anything may.</summary>
    public async Task<Outcome<ConnectionId>> ConnectAsync(string account, CancellationToken cancellation)
    {
        var started = await program.Get<StartConnection>().RunAsync(by, GmailConnector.Name, cancellation);
        if (!started.Try(out var page, out var why))
        {
            return why;
        }

        var back = QueryHelpers.ParseQuery((await sandbox.ConsentAsync(page, account, cancellation)).Query);
        return await program.Get<FinishConnection>().RunAsync(
            by, new FinishConnection.Answer("google", back["state"], back.GetValueOrDefault("code")), cancellation);
    }

    public async Task<IReadOnlyList<ListConnections.Row>> ConnectionsAsync(CancellationToken cancellation) =>
        await program.Get<ListConnections>().RunAsync(Tenant, cancellation);

    public Task<Outcome<Done>> DisconnectAsync(ConnectionId connection, CancellationToken cancellation) =>
        program.Get<EndConnection>().RunAsync(by, connection, cancellation);
}
