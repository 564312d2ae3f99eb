using System.Collections.Immutable;
using Microsoft.AspNetCore.WebUtilities;
using PracticPro.Access;
using PracticPro.Cli.Demo;
using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;

namespace PracticPro.Simulation.Sync;

/// <summary>The practice's owner: connects its accounts at the provider's own page, and connects them again.</summary>
internal sealed class SimulatedOwner(SignedIn by, SyncProgram program, DemoSandbox sandbox)
{
    public TenantId Tenant => by.Tenant;

    /// <summary>To the consent page, there and back. Fails as anything may.</summary>
    public async Task<Outcome<ConnectionId>> ConnectAsync(
        Provider provider, string account, CancellationToken cancellation)
    {
        var started = await program.Get<StartConnection>().RunAsync(by, provider, cancellation);
        if (!started.Try(out var page, out var why))
        {
            return why;
        }

        var back = await sandbox.ConsentAsync(page, account, cancellation);
        var said = QueryHelpers.ParseQuery(back.Query);
        var answer = new FinishConnection.Answer(
            back.Segments[^2].TrimEnd('/'), said.GetValueOrDefault("state"), said.GetValueOrDefault("code"))
        {
            Besides = said.Where(static pair => pair.Key is not ("state" or "code"))
                .ToImmutableDictionary(static pair => pair.Key, static pair => pair.Value.ToString()),
        };
        return await program.Get<FinishConnection>().RunAsync(by, answer, cancellation);
    }

    public async Task<IReadOnlyList<ListConnections.Row>> ConnectionsAsync(CancellationToken cancellation) =>
        await program.Get<ListConnections>().RunAsync(Tenant, cancellation);

    public Task<Outcome<Done>> DisconnectAsync(ConnectionId connection, CancellationToken cancellation) =>
        program.Get<EndConnection>().RunAsync(by, connection, cancellation);
}
