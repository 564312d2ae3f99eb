using System.Net.Sockets;

namespace PracticPro.FunctionsHost.Handler;

/// <summary>GET / every 25 ms until something answers: any status will do, and so will a connection that is closed.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>False when nothing answered in time.</summary>
    public static async Task<bool> WaitAsync(Uri address, TimeSpan patience, CancellationToken cancellation)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
        using var limit = new CancellationTokenSource(patience, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            while (!await AnswersAsync(http, address, both.Token))
            {
                await Task.Delay(Pause, TimeProvider.System, both.Token);
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<bool> AnswersAsync(HttpMessageInvoker http, Uri address, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = await http.SendAsync(request, cancellation);
            return true;
        }
        catch (HttpRequestException refused)
        {
            return refused.InnerException is not SocketException;
        }
    }
}
