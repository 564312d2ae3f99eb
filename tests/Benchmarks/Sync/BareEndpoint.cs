using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PracticPro.Cli.Demo;

namespace PracticPro.Benchmarks.Sync;

/// <summary>
/// An endpoint that reads a push, verifies its signed token and keeps nothing. A process of its own, as the server is that it
/// is held against: nothing comes to it over fewer steps. It ends with the one that started it, as that one does.
/// </summary>
internal sealed class BareEndpoint : IDisposable
{
    /// <summary>The word that makes this program the endpoint.</summary>
    public const string Word = "bare-endpoint";

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);
    private readonly Process process;

    private BareEndpoint(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    /// <param name="keys">Where the signing keys are.</param>
    public static async Task<BareEndpoint> StartAsync(string audience, Uri keys, CancellationToken cancellation)
    {
        var address = DemoServer.FreeAddress();
        string[] words = [typeof(BareEndpoint).Assembly.Location, Word, address.ToString(), audience, keys.ToString()];
        var endpoint = new BareEndpoint(
            Process.Start(new ProcessStartInfo(DemoProgram.Dotnet, words) { RedirectStandardInput = true }) ?? throw new InvalidOperationException("The endpoint did not start."),
            address);
        try
        {
            await endpoint.AnswersAsync(cancellation);
            return endpoint;
        }
        catch
        {
            endpoint.Dispose();
            throw;
        }
    }

    public static async Task<int> ServeAsync(string address, string audience, string keys)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", address);

        // As ours is set up: two printed lines a request would make the baseline slower than it is.
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var app = builder.Build();
        var demands = new TokenValidationParameters
        {
            ValidAudience = audience, ValidateIssuer = false, ValidAlgorithms = ["RS256"], IssuerSigningKeys = await KeysAsync(keys),
        };
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var authorization = context.Request.Headers.Authorization.ToString();
            var result = authorization.Length == 0
                ? null
                : await new JsonWebTokenHandler().ValidateTokenAsync(authorization["Bearer ".Length..], demands);
            context.Response.StatusCode = result?.IsValid == true ? StatusCodes.Status204NoContent : StatusCodes.Status401Unauthorized;
        });
        await app.StartAsync();
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
        return 0;
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private async Task AnswersAsync(CancellationToken cancellation)
    {
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        for (var answers = false; !answers;)
        {
            try
            {
                using var ask = new HttpRequestMessage(HttpMethod.Get, Address);
                using var answer = await client.SendAsync(ask, cancellation);
                answers = true;
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                await Task.Delay(Glance, TimeProvider.System, cancellation);
            }
        }
    }

    private static async Task<IEnumerable<SecurityKey>> KeysAsync(string keys)
    {
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        using var ask = new HttpRequestMessage(HttpMethod.Get, keys);
        using var answer = await client.SendAsync(ask, CancellationToken.None);
        return new JsonWebKeySet(await answer.Content.ReadAsStringAsync()).GetSigningKeys();
    }
}
