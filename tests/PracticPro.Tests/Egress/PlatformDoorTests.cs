using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using PracticPro.Egress;
using PracticPro.Loopback;

namespace PracticPro.Tests.Egress;

/// <summary>The program's own machinery is reached by a handler that reaches nothing else.</summary>
public sealed class PlatformDoorTests
{
    [Fact]
    [Trait("Promise", "APR-1")]
    public async Task The_loopback_handler_leads_to_this_machine()
    {
        using var listener = new HttpListener();
        var address = PracticPro.Cli.Demo.DemoServer.FreeAddress();
        listener.Prefixes.Add(address.ToString());
        listener.Start();
        var served = ServeOneAsync(listener);
        using var invoker = new HttpMessageInvoker(PlatformDoor.Loopback());

        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var answer = await invoker.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        await served;
    }

    [Theory]
    [InlineData("http://192.0.2.7/")]
    [InlineData("http://[2001:db8::1]/")]
    [Trait("Promise", "APR-1")]
    public async Task The_loopback_handler_leads_nowhere_else(string address)
    {
        using var invoker = new HttpMessageInvoker(PlatformDoor.Loopback());
        using var request = new HttpRequestMessage(HttpMethod.Get, address);

        await Assert.ThrowsAsync<HttpRequestException>(
            () => invoker.SendAsync(request, TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("Promise", "APR-1")]
    public async Task A_handler_for_one_host_does_not_lead_to_another()
    {
        using var invoker = new HttpMessageInvoker(PlatformDoor.Only(new Uri("http://127.0.0.1:9")));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.2:9/");

        var refused = await Assert.ThrowsAsync<HttpRequestException>(
            () => invoker.SendAsync(request, TestContext.Current.CancellationToken));

        Assert.Contains("does not lead there", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "ENC-3")]
    public void A_host_elsewhere_must_be_reached_by_tls() =>
        Assert.Throws<ArgumentException>(() => PlatformDoor.Only(new Uri("http://engine.example")));

    [Theory]
    [InlineData("https://acct-westeurope.documents.example/", true)]
    [InlineData("https://acct.documents.example/", true)]
    [InlineData("https://acct-west.europe.documents.example/", false)]
    [InlineData("https://acct-.documents.example/", false)]
    [InlineData("https://acctx.documents.example/", false)]
    [InlineData("https://acct-westeurope.documents.example:444/", false)]
    [InlineData("https://acct-westeurope.elsewhere.example/", false)]
    [Trait("Promise", "APR-1")]
    public async Task A_handler_for_an_account_leads_to_its_regions_and_no_further(string address, bool leads)
    {
        using var invoker = new HttpMessageInvoker(PlatformDoor.OnlyAccount(new Uri("https://acct.documents.example")));
        using var request = new HttpRequestMessage(HttpMethod.Get, address);

        // Names under .example resolve nowhere (RFC 6761 section 6.5): what is let through fails only there.
        var failed = await Assert.ThrowsAsync<HttpRequestException>(
            () => invoker.SendAsync(request, TestContext.Current.CancellationToken));

        Assert.Equal(leads, !failed.ToString().Contains("does not lead there", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Promise", "ENC-3")]
    public async Task A_stand_in_on_this_machine_is_believed_when_the_named_authority_vouches_for_it()
    {
        var folder = Directory.CreateTempSubdirectory();
        await using var server = await TlsServerAsync(folder.FullName);
        var address = new Uri(server.Urls.Single());
        using var authority = X509CertificateLoader.LoadCertificateFromFile(LoopbackAuthority.OpenOrMake(folder.FullName).CertificatePath);
        using var believing = new HttpMessageInvoker(PlatformDoor.Only(address, authority));
        using var request = new HttpRequestMessage(HttpMethod.Get, address);

        using var answer = await believing.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        folder.Delete(recursive: true);
    }

    [Fact]
    [Trait("Promise", "ENC-3")]
    public async Task A_stand_in_nobody_vouches_for_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory();
        await using var server = await TlsServerAsync(folder.FullName);
        var address = new Uri(server.Urls.Single());
        using var doubting = new HttpMessageInvoker(PlatformDoor.Only(address));
        using var request = new HttpRequestMessage(HttpMethod.Get, address);

        await Assert.ThrowsAsync<HttpRequestException>(
            () => doubting.SendAsync(request, TestContext.Current.CancellationToken));
        folder.Delete(recursive: true);
    }

    [Fact]
    [Trait("Promise", "ENC-3")]
    public void A_host_elsewhere_cannot_have_an_authority_of_its_own()
    {
        var folder = Directory.CreateTempSubdirectory();
        using var authority = X509CertificateLoader.LoadCertificateFromFile(LoopbackAuthority.OpenOrMake(folder.FullName).CertificatePath);

        Assert.Throws<ArgumentException>(() => PlatformDoor.Only(new Uri("https://vault.example"), authority));
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("http://169.254.130.2:8081/msi/token", true)]
    [InlineData("http://127.0.0.1:41741/msi/token", true)]
    [InlineData("http://localhost:41741/msi/token", true)]
    [InlineData("http://169.255.1.1/msi/token", false)]
    [InlineData("http://identity.example/msi/token", false)]
    [Trait("Promise", "APR-1")]
    public void The_identity_endpoint_is_on_this_machine_or_its_link(string address, bool taken)
    {
        var made = Record.Exception(() => PlatformDoor.Identity(new Uri(address)).Dispose());

        Assert.Equal(taken, made is null);
    }

    private static async Task<WebApplication> TlsServerAsync(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen => listen.UseHttps(LoopbackAuthority.OpenOrMake(folder).ServerCertificate())));
        var server = builder.Build();
        server.MapGet("/", () => "here");
        await server.StartAsync();
        return server;
    }

    private static async Task ServeOneAsync(HttpListener listener)
    {
        var context = await listener.GetContextAsync().WaitAsync(TestContext.Current.CancellationToken);
        context.Response.StatusCode = (int)HttpStatusCode.NoContent;
        context.Response.Close();
    }
}
