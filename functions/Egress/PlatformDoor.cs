using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace PracticPro.Egress;

/// <summary>
/// Ways to the program's own machinery, which are no ways to a processor: its other process and the workflow engine on
/// this machine, or one host of the platform elsewhere. A handler made here reaches that and nothing else, whatever address
/// it is asked for. No redirects, no cookies, no proxy.
/// </summary>
internal static class PlatformDoor
{
    private static readonly SearchValues<char> RegionSymbols =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    /// <summary>Reaches this machine only: of a name, the addresses that are loopback.</summary>
    public static HttpMessageHandler Loopback() => Handler(static async (asked, cancellation) =>
        [.. (await AddressesAsync(asked, cancellation)).Where(IPAddress.IsLoopback)]);

    /// <summary>Reaches that host and port only, by TLS 1.2 or better unless it is on this machine.</summary>
    /// <param name="authority">
    /// Who else may vouch for the host, beside the machine's own authorities: for a stand-in on this machine only.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The address is neither https nor loopback, or an authority is named for a host elsewhere.
    /// </exception>
    public static HttpMessageHandler Only(Uri home, X509Certificate2? authority = null) =>
        Leading(home, authority, host => host.Equals(home.IdnHost, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Reaches an account with regions: the host, and hosts named as its first label, a hyphen and a region
    /// (<c>name.documents.azure.com</c>, <c>name-westeurope.documents.azure.com</c>), all at the same port.
    /// </summary>
    /// <inheritdoc cref="Only" path="/param"/>
    /// <inheritdoc cref="Only" path="/exception"/>
    public static HttpMessageHandler OnlyAccount(Uri home, X509Certificate2? authority = null)
    {
        var (account, domain) = home.IdnHost.IndexOf('.', StringComparison.Ordinal) is var dot and > 0
            ? (home.IdnHost[..dot], home.IdnHost[dot..])
            : (home.IdnHost, "");
        return Leading(home, authority, host =>
            host.Equals(home.IdnHost, StringComparison.OrdinalIgnoreCase)
            || (host.StartsWith(account + "-", StringComparison.OrdinalIgnoreCase)
                && host.EndsWith(domain, StringComparison.OrdinalIgnoreCase)
                && host.AsSpan(account.Length + 1, host.Length - account.Length - 1 - domain.Length) is { Length: > 0 } region
                && region.IndexOfAnyExcept(RegionSymbols) < 0));
    }

    /// <summary>
    /// Reaches the endpoint that hands the program tokens of its own identity: on this machine or on the machine's own
    /// link (169.254.0.0/16, RFC 3927), where the platform puts it. It speaks plain HTTP there.
    /// </summary>
    /// <exception cref="ArgumentException">The endpoint is elsewhere.</exception>
    public static HttpMessageHandler Identity(Uri endpoint)
    {
        if (!endpoint.IsLoopback && !(IPAddress.TryParse(endpoint.Host, out var literal) && IsLinkLocal(literal)))
        {
            throw new ArgumentException("The identity endpoint must be on this machine or its link.", nameof(endpoint));
        }

        return Handler(async (asked, cancellation) =>
            [.. (await AddressesAsync(asked, cancellation)).Where(static address => IPAddress.IsLoopback(address) || IsLinkLocal(address))]);
    }

    /// <summary>A client over such a handler, for a library that will have a client.</summary>
#pragma warning disable RS0030 // This is the door.
    public static HttpClient ClientOver(HttpMessageHandler handler) => new(handler);
#pragma warning restore RS0030

    private static SocketsHttpHandler Leading(Uri home, X509Certificate2? authority, Predicate<string> isHome)
    {
        if (home.Scheme != Uri.UriSchemeHttps && !home.IsLoopback)
        {
            throw new ArgumentException("The address must be https, or on this machine.", nameof(home));
        }

        if (authority is not null && !home.IsLoopback)
        {
            throw new ArgumentException("Only a host on this machine may have an authority of its own.", nameof(authority));
        }

        return Handler(
            async (asked, cancellation) => asked.Port == home.Port && isHome(asked.Host)
                ? await AddressesAsync(asked, cancellation)
                : [],
            authority);
    }

    /// <param name="allowed">The addresses that may be reached for what is asked; none refuses.</param>
    private static SocketsHttpHandler Handler(
        Func<DnsEndPoint, CancellationToken, Task<IPAddress[]>> allowed, X509Certificate2? authority = null) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        KeepAlivePingDelay = TimeSpan.FromSeconds(20),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        SslOptions = Tls(authority),
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

    private static SslClientAuthenticationOptions Tls(X509Certificate2? authority)
    {
        var options = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        if (authority is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { authority },
                RevocationMode = X509RevocationMode.NoCheck,
            };
        }

        return options;
    }

    private static bool IsLinkLocal(IPAddress address) => address.GetAddressBytes() is [169, 254, _, _];

    private static async Task<IPAddress[]> AddressesAsync(DnsEndPoint asked, CancellationToken cancellation) =>
        IPAddress.TryParse(asked.Host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(asked.Host, cancellation);
}
