using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PracticPro.FunctionsHost.Handler;

namespace PracticPro.Tests.FunctionsHost;

/// <summary>
/// A custom handler in a few lines: a raw socket, so that what the host sends is seen as it was sent, and an answer to
/// each request that the test makes up. GET / is answered like a handler that has no page there.
/// </summary>
internal sealed class ScriptedHandler : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<HandlerRequest, HandlerReply> _answer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;

    public ScriptedHandler(Func<HandlerRequest, HandlerReply> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public AttachedHandler Attached => new(Address);

    /// <summary>All requests but GET /, in the order they were read.</summary>
    public ConcurrentQueue<HandlerRequest> Requests { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
            _connections.Add(Task.Run(() => ServeAsync(client)));
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        var stream = client.GetStream();
        while (await HandlerRequest.ReadAsync(stream, _stopping.Token) is { } request)
        {
            var reply = request is { Method: "GET", Target: "/" } ? HandlerReply.Of(404, "Not Found", "text/plain", "") : Answer(request);
            if (reply.Wait is { } wait)
            {
                await wait.WaitAsync(_stopping.Token);
            }

            if (reply.Bytes is null)
            {
                return;
            }

            await stream.WriteAsync(reply.Bytes, _stopping.Token);
        }
    }

    private HandlerReply Answer(HandlerRequest request)
    {
        Requests.Enqueue(request);
        return _answer(request);
    }
}

/// <param name="Bytes">The whole response; null closes the connection without one.</param>
/// <param name="Wait">What to wait for before answering.</param>
internal sealed record HandlerReply(byte[]? Bytes, Task? Wait = null)
{
    public static readonly HandlerReply Closed = new((byte[]?)null);

    public static HandlerReply Ok(string body) => Of(200, "OK", "application/json", body);

    /// <summary>An answer that carries a ReturnValue, given as JSON.</summary>
    public static HandlerReply Returns(string json) => Ok($$"""{"Outputs":{},"Logs":[],"ReturnValue":{{json}}}""");

    public static HandlerReply Of(int status, string reason, string? contentType, string body, string moreHeaders = "")
    {
        var content = Encoding.UTF8.GetBytes(body);
        var type = contentType is null ? "" : $"Content-Type: {contentType}\r\n";
        var head = $"HTTP/1.1 {status} {reason}\r\n{type}{moreHeaders}Content-Length: {content.Length}\r\n\r\n";
        return new HandlerReply([.. Encoding.UTF8.GetBytes(head), .. content]);
    }
}
