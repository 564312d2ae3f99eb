using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using PracticPro.Azurite;
using PracticPro.Egress;
using PracticPro.Loopback;
using PracticPro.Tests.Storage.Drivers;
using PracticPro.Tests.Support;

[assembly: AssemblyFixture(typeof(AzuriteOfTests))]

namespace PracticPro.Tests.Support;

/// <summary>
/// One storage account for all tests of a run, started when the first of them asks and ended with the run. Tests keep out
/// of each other's way by names of their own; faults are for paths that hold such a name.
/// </summary>
public sealed class AzuriteOfTests : IAsyncDisposable
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly Lazy<Task<AzuriteStart>> Started = new(static () => AzuriteServer.TryStartAsync(
        new AzuriteOptions { Folder = Path.Combine(Folder.Path, "data"), Identity = Path.Combine(Folder.Path, "identity") },
        CancellationToken.None));

    private static int names;

    /// <summary>Why it cannot run here, for a person; null when it can.</summary>
    internal static string? Missing => Started.Value.GetAwaiter().GetResult().Missing;

    internal static AzuriteServer Server => Started.Value.GetAwaiter().GetResult().Server!;

    /// <summary>A name nobody else has; fit for containers and queues.</summary>
    internal static string NewName() => $"t{Interlocked.Increment(ref names)}-";

    public async ValueTask DisposeAsync()
    {
        if (Started.IsValueCreated && (await Started.Value).Server is { } server)
        {
            await server.DisposeAsync();
        }

        Folder.Dispose();
    }
}

/// <summary>What a program needs to use an account on this machine.</summary>
internal static class AzuriteDoors
{
    /// <summary>Handlers that lead to one address, vouched for by the server's own authority.</summary>
    public static Func<Uri, HttpMessageHandler> Doors(this AzuriteServer server) => TrustedBy(server.Authority);

    public static Func<Uri, HttpMessageHandler> TrustedBy(LoopbackAuthority authority) => home =>
        PlatformDoor.Only(home, X509CertificateLoader.LoadCertificateFromFile(authority.CertificatePath));

    public static TokenCredential Credential(this AzuriteServer server) => new LoopbackCredential(server.Tokens, TimeProvider.System);
}
