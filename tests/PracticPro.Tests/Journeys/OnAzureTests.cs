using PracticPro.Azurite;
using PracticPro.CosmosDouble;
using PracticPro.KeyVaultDouble;
using PracticPro.Sandbox;
using CommandLine = PracticPro.Cli.CommandLine;

namespace PracticPro.Tests.Journeys;

/// <summary>
/// The demo's whole story over the drivers for Azure: the program is a process that signs in as itself, its records are in
/// a double of Cosmos DB, its keys in one of Key Vault, its blobs and queues in Azurite.
/// </summary>
public sealed class OnAzureTests : IDisposable
{
    private const string Secret = "of-one-test";
    private readonly string work = Directory.CreateTempSubdirectory("azure-journey-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Identity => Path.Combine(work, "identity");

    public void Dispose() => Directory.Delete(work, recursive: true);

    [Fact]
    [Trait("Promise", "APR-3")]
    [Trait("Promise", "ENC-2")]
    public async Task A_practice_reads_drafts_decides_and_sends_once_over_services_elsewhere_though_its_server_is_killed()
    {
        var storage = await AzuriteServer.TryStartAsync(
            new AzuriteOptions { Folder = Path.Combine(work, "storage"), Identity = Identity, IdentityPort = 0, IdentitySecret = Secret },
            Cancellation);
        Assert.SkipWhen(storage.Server is null, storage.Missing ?? "");
        await using var blobs = storage.Server!;
        await using var cosmos = await CosmosServer.StartAsync(
            new CosmosServerOptions { Identity = Identity, Ranges = 3 }, TimeProvider.System, Cancellation);
        await using var vault = await KeyVaultServer.StartAsync(
            new KeyVaultServerOptions { IdentityFolder = Identity }, TimeProvider.System, Cancellation);
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions(), Cancellation);

        // The library that signs in reads these from its environment, and the server is a child of this process.
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", blobs.IdentityEndpoint!.ToString());
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", Secret);
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await CommandLine.RunAsync(
            [
                "demo", "--auto", "--at-least", "10", "--sandbox", sandbox.Address.GetLeftPart(UriPartial.Authority),
                "--folder", Path.Combine(work, "demo"),
                "--Azure:Cosmos:Endpoint", cosmos.Endpoint.ToString(), "--Azure:Cosmos:CreateMissing", "true",
                "--Azure:KeyVault:Endpoint", vault.Endpoint.ToString(),
                "--Azure:Blobs:Endpoint", blobs.BlobEndpoint.ToString(), "--Azure:Blobs:CreateMissing", "true",
                "--Azure:Blobs:AuditPolicy", "Locked",
                "--Azure:Queues:Endpoint", blobs.QueueEndpoint.ToString(), "--Azure:Queues:CreateMissing", "true",
                "--Azure:LoopbackAuthority", cosmos.Authority.CertificatePath,
            ],
            TextReader.Null,
            output,
            error,
            Cancellation);

        Assert.True(code == 0, $"{output}\n{error}\n{ServerLog()}");
        Assert.Contains("\"sentTwice\":0,\"lost\":0,", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"auditVerified\":true", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"mode\":\"azure\"", output.ToString(), StringComparison.Ordinal);
    }

    private string ServerLog()
    {
        var log = Path.Combine(work, "demo", "server.log");
        return File.Exists(log) ? File.ReadAllText(log) : "";
    }
}
