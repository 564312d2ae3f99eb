using System.Net;
using System.Net.Sockets;

namespace PracticPro.FunctionsHost.Handler;

/// <summary>A loopback port that nobody listens on at this moment.</summary>
internal static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
