using PracticPro.Access;
using PracticPro.Cli.Demo;
using PracticPro.Kernel;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;

namespace PracticPro.Simulation.Sync;

/// <summary>The practice's owner: opens it, connects its accounts at the provider's own page, and connects them again.</summary>
internal sealed class SimulatedOwner(SyncProgram program, DemoSandbox sandbox)
{
    private const string Password = "correct horse battery";
    private const string Name = "owner@practice.example";

    public SignedIn By { get; private set; } = null!;

    public TenantId Tenant => By.Tenant;

    public async Task OpenPracticeAsync(CancellationToken cancellation)
    {
        var order = new CreatePractice.Order("Harbour Clinic", "practice-os", "Olga Owner", Name, new SecretText(Password));
        (await program.Get<CreatePractice>().RunAsync(order, cancellation)).Expect();
        var signedIn = (await program.Get<SignIn>().RunAsync(Name, new SecretText(Password), cancellation)).Expect();
        By = (await program.Get<Sessions>().FindAsync(signedIn.Tenant, signedIn.Token, cancellation)).Expect();
    }

    /// <summary>To the consent page, there and back. Fails as anything may.</summary>
    public async Task<Outcome<ConnectionId>> ConnectAsync(string account, CancellationToken cancellation)
    {
        var started = await program.Get<StartConnection>().RunAsync(By, cancellation);
        if (!started.Try(out var page, out var why))
        {
            return why;
        }

        var back = await sandbox.ConsentAsync(page, account, cancellation);
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(back.Query);
        return await program.Get<FinishConnection>().RunAsync(
            By, new FinishConnection.Answer(query["state"], query.GetValueOrDefault("code")), cancellation);
    }

    public async Task<IReadOnlyList<ListConnections.Row>> ConnectionsAsync(CancellationToken cancellation) =>
        await program.Get<ListConnections>().RunAsync(Tenant, cancellation);

    public Task<Outcome<Done>> DisconnectAsync(ConnectionId connection, CancellationToken cancellation) =>
        program.Get<EndConnection>().RunAsync(By, connection, cancellation);
}
