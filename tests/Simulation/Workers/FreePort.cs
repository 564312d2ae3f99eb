using System.Net;
using System.Net.Sockets;

namespace PracticPro.Simulation.Workers;

/// <summary>A port of loopback that nobody listens on, to be used again by every start of the hub.</summary>
internal static class FreePort
{
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
