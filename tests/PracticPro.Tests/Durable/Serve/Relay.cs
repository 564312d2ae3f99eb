using System.Net;
using System.Net.Sockets;

namespace PracticPro.Tests.Durable.Serve;

/// <summary>
/// Passes a connection on, byte by byte, until it is frozen: from then on both sides are connected to nobody who answers,
/// as with a process that was stopped or a cable that was cut.
/// </summary>
internal sealed class Relay : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly int target;
    private volatile bool frozen;

    public Relay(Uri target)
    {
        this.target = target.Port;
        listener.Start();
        _ = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    public void Freeze() => frozen = true;

    public void Dispose()
    {
        end.Cancel();
        listener.Dispose();
        end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await listener.AcceptTcpClientAsync(end.Token);
                var far = new TcpClient();
                await far.ConnectAsync(IPAddress.Loopback, target, end.Token);
                _ = PassAsync(near, far);
                _ = PassAsync(far, near);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(TcpClient from, TcpClient to)
    {
        try
        {
            using (from)
            {
                var buffer = new byte[16 * 1024];
                while (await from.GetStream().ReadAsync(buffer, end.Token) is > 0 and var count)
                {
                    if (frozen)
                    {
                        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, end.Token);
                    }

                    await to.GetStream().WriteAsync(buffer.AsMemory(0, count), end.Token);
                }
            }
        }
        catch (Exception over) when (over is OperationCanceledException or IOException or InvalidOperationException)
        {
            // One of the two has gone, or the test is over.
        }
    }
}
