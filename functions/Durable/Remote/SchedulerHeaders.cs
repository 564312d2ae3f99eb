using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace PracticPro.Durable.Remote;

/// <summary>What the scheduler wants to know with every call: which hub, which worker, what program, and who.</summary>
/// <param name="tokens">Null when nobody is asked who they are.</param>
internal sealed class SchedulerHeaders(string taskHub, SchedulerTokens? tokens, HttpMessageHandler inner)
    : DelegatingHandler(inner)
{
    private static readonly string Worker = string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.MachineName},{Environment.ProcessId},{RandomNumberGenerator.GetHexString(32, lowercase: true)}");

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("taskhub", taskHub);
        request.Headers.TryAddWithoutValidation("workerid", Worker);
        request.Headers.TryAddWithoutValidation("x-user-agent", "practicpro");
        if (tokens is not null)
        {
            var token = await tokens.TokenAsync(cancellationToken);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return await base.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            tokens?.Dispose();
        }

        base.Dispose(disposing);
    }
}
