using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace PracticPro.Egress;

/// <summary>
/// Ways to the program's own machinery, which are no ways to a processor: its other process and the workflow engine on
/// this machine, or the engine's one host elsewhere. A handler made here reaches that and nothing else, whatever address
/// it is asked for. No redirects, no cookies, no proxy.
/// </summary>
internal static class PlatformDoor
{
    /// <summary>Reaches this machine only: of a name, the addresses that are loopback.</summary>
    public static HttpMessageHandler Loopback() => Handler(static async (asked, cancellation) =>
        [.. (await AddressesAsync(asked, cancellation)).Where(IPAddress.IsLoopback)]);

    /// <summary>Reaches that host and port only, by TLS 1.2 or better unless it is on this machine.</summary>
    /// <exception cref="ArgumentException">The address is neither https nor loopback.</exception>
    public static HttpMessageHandler Only(Uri home)
    {
        if (home.Scheme != Uri.UriSchemeHttps && !home.IsLoopback)
        {
            throw new ArgumentException("The engine's address must be https, or on this machine.", nameof(home));
        }

        return Handler(async (asked, cancellation) =>
            asked.Port == home.Port && asked.Host.Equals(home.IdnHost, StringComparison.OrdinalIgnoreCase)
                ? await AddressesAsync(asked, cancellation)
                : []);
    }

    /// <param name="allowed">The addresses that may be reached for what is asked; none refuses.</param>
    private static SocketsHttpHandler Handler(Func<DnsEndPoint, CancellationToken, Task<IPAddress[]>> allowed) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        KeepAlivePingDelay = TimeSpan.FromSeconds(20),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        },
        ConnectCallback = async (context, cancellation) =>
        {
            var addresses = await allowed(context.DnsEndPoint, cancellation);
            if (addresses.Length == 0)
            {
                throw new HttpRequestException(HttpRequestError.ConnectionError, "This handler does not lead there.");
            }

            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    private static async Task<IPAddress[]> AddressesAsync(DnsEndPoint asked, CancellationToken cancellation) =>
        IPAddress.TryParse(asked.Host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(asked.Host, cancellation);
}
