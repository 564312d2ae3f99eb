using System.Diagnostics;
using System.Text.Json;
using PracticPro.Azurite;
using PracticPro.Kernel;
using PracticPro.Loopback;
using PracticPro.Storage;
using PracticPro.Storage.Drivers.AzureBlobs;
using PracticPro.Tests.Storage.Drivers;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Azurite;

/// <summary>Azurite and its front as a process, which scripts start and tests kill.</summary>
public sealed class AzuriteProcessTests : IDisposable
{
    private static readonly TenantId Tenant = TenantId.Parse("clinic");
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Identity => Path.Combine(folder.Path, "identity");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_held_before_a_kill_is_held_after_it_and_nothing_is_left_running()
    {
        Assert.SkipWhen(AzuriteOfTests.Missing is not null, AzuriteOfTests.Missing ?? "");
        var name = new BlobName("audit/checkpoints/1");
        using (var first = await StartAsync())
        {
            var blobs = (await OpenAsync(first)).For(Tenant);
            Assert.True(await blobs.WriteAsync(name, new MemoryStream([1, 2, 3]), Cancellation));
            first.Kill();
            await first.WaitForAzuriteAsync();
        }

        using var second = await StartAsync();
        var again = (await OpenAsync(second)).For(Tenant);
        await Assert.ThrowsAsync<BlobRetainedException>(async () => await again.DeleteAsync(name, Cancellation));
        Assert.False(await again.WriteAsync(name, new MemoryStream([4]), Cancellation));
        await second.EndAsync();
    }

    [Fact]
    public async Task The_token_endpoint_gives_the_program_an_identity_that_the_account_knows()
    {
        Assert.SkipWhen(AzuriteOfTests.Missing is not null, AzuriteOfTests.Missing ?? "");
        using var process = await StartAsync("--identity-port", "0", "--identity-secret", "shown");
        using var client = LoopbackHttp.To(process.Said.Identity!);
        using var request = new HttpRequestMessage(HttpMethod.Get, "?resource=https://storage.azure.com/&api-version=2019-08-01");
        request.Headers.Add("X-IDENTITY-HEADER", "shown");

        using var answer = await client.SendAsync(request, Cancellation);
        var token = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement.GetProperty("access_token").GetString();

        Assert.NotNull(LoopbackTokens.OpenOrMake(Identity).PrincipalOf(token, "https://storage.azure.com", TimeProvider.System.GetUtcNow()));
        await process.EndAsync();
    }

    private Task<Running> StartAsync(params string[] more) => Running.StartAsync(
        ["--folder", Path.Combine(folder.Path, "data"), "--identity", Identity, "--until-input-ends", .. more], Cancellation);

    private Task<AzureBlobStore> OpenAsync(Running process) => AzureBlobStore.OpenAsync(
        new AzureBlobOptions { Endpoint = process.Said.Blobs.AbsoluteUri, AuditPolicy = AuditPolicy.Locked, CreateMissing = true },
        new LoopbackCredential(LoopbackTokens.OpenOrMake(Identity), TimeProvider.System),
        AzuriteDoors.TrustedBy(LoopbackAuthority.OpenOrMake(Identity)),
        TimeProvider.System,
        Cancellation);

    internal sealed record Addresses(Uri Blobs, Uri Queues, Uri? Identity, int Node);

    private sealed class Running(Process process, Addresses said) : IDisposable
    {
        public Addresses Said { get; } = said;

        public static async Task<Running> StartAsync(string[] arguments, CancellationToken cancellation)
        {
            var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(AzuriteServer).Assembly.Location, .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            var line = await process.StandardOutput.ReadLineAsync(cancellation) ?? throw new IOException("It did not start.");
            return new Running(process, JsonSerializer.Deserialize<Addresses>(line, JsonSerializerOptions.Web)!);
        }

        public void Kill() => process.Kill();

        public async Task EndAsync()
        {
            process.StandardInput.Close();
            using var patience = Deadline.Start(Cancellation);
            await process.WaitForExitAsync(patience.Token);
            await WaitForAzuriteAsync();
        }

        /// <summary>Until the node process has gone, which nobody but its own watch ends.</summary>
        public Task WaitForAzuriteAsync() => Deadline.UntilAsync(() => !Directory.Exists($"/proc/{Said.Node}"), Cancellation);

        public void Dispose()
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            process.Dispose();
        }
    }
}
