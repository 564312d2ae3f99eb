using System.Globalization;
using PracticPro.Cli.Demo;

namespace PracticPro.Simulation.Counterparts;

/// <summary>A counterpart of each service in one folder, the identity they believe, and the settings that lead to them.</summary>
internal sealed class Family : IAsyncDisposable
{
    private const string Secret = "one-run";
    private readonly string identity;

    private Family(string folder, string identity)
    {
        this.identity = identity;
        Storage = new Counterpart("blobs", "PracticPro.Azurite.dll",
            [.. Words(folder, "storage"), "--identity-port", PortAfterNext(), "--identity-secret", Secret]);
        Documents = new Counterpart("documents", "PracticPro.CosmosDouble.dll", Words(folder, "cosmos"));
        Keys = new Counterpart("keys", "PracticPro.KeyVaultDouble.dll", Words(folder, "vault"));
    }

    public Counterpart Documents { get; }

    public Counterpart Keys { get; }

    public Counterpart Storage { get; }

    public IReadOnlyList<Counterpart> All => [Documents, Keys, Storage];

    /// <summary>Settings of the program, as on its command line.</summary>
    public string[] Settings =>
    [
        "--Azure:Cosmos:Endpoint", Documents.Said["endpoint"], "--Azure:Cosmos:CreateMissing", "true",
        "--Azure:KeyVault:Endpoint", Keys.Said["endpoint"],
        "--Azure:Blobs:Endpoint", Storage.Said["blobs"], "--Azure:Blobs:CreateMissing", "true", "--Azure:Blobs:AuditPolicy", "Locked",
        "--Azure:Queues:Endpoint", Storage.Said["queues"], "--Azure:Queues:CreateMissing", "true",
        "--Azure:LoopbackAuthority", Path.Combine(identity, "authority.pem"),
    ];

    /// <summary>All of them, listening. The first makes the identity the others believe.</summary>
    public static async Task<Family> StartAsync(string folder, string identity, CancellationToken cancellation)
    {
        var family = new Family(folder, identity);
        try
        {
            await family.Storage.StartAsync(cancellation);
            await family.Documents.StartAsync(cancellation);
            await family.Keys.StartAsync(cancellation);
        }
        catch
        {
            await family.DisposeAsync();
            throw;
        }

        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", family.Storage.Said["identity"]);
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", Secret);
        return family;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var counterpart in All)
        {
            await counterpart.DisposeAsync();
        }
    }

    private string[] Words(string folder, string own) =>
        ["--port", Port(), "--folder", Path.Combine(folder, own), "--identity", identity];

    // Queues have the port after that of the blobs.
    private static string PortAfterNext()
    {
        Port();
        return Port();
    }

    private static string Port() => DemoServer.FreeAddress().Port.ToString(CultureInfo.InvariantCulture);
}
