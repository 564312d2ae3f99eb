using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Grpc.Core;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Durable.Serve;

/// <summary>Bytes that are no calls: each is refused by itself, and the hub answers the next caller.</summary>
public sealed class FrameTests
{
    private const string Method = "/TaskHubSidecarService/GetInstance";

    /// <summary>GetInstance of "a": flag, length, message.</summary>
    private static readonly byte[] Good = [0, 0, 0, 0, 3, 0x0a, 1, (byte)'a'];

    [Fact]
    public async Task A_call_written_by_hand_is_answered() =>
        await AnswersAsync(Method, Good, StatusCode.OK);

    [Fact]
    public async Task A_length_that_promises_more_than_comes_is_refused() =>
        await AnswersAsync(Method, [0, 0, 0, 0, 9, 0x0a, 1, (byte)'a'], StatusCode.Internal);

    [Fact]
    public async Task A_message_cut_short_is_refused() =>
        await AnswersAsync(Method, [0, 0, 0], StatusCode.Internal);

    [Fact]
    public async Task No_message_at_all_is_refused() =>
        await AnswersAsync(Method, [], StatusCode.Internal);

    [Fact]
    public async Task Two_messages_where_one_is_asked_for_are_refused() =>
        await AnswersAsync(Method, [.. Good, .. Good], StatusCode.Internal);

    [Fact]
    public async Task A_compressed_message_without_an_encoding_is_refused() =>
        await AnswersAsync(Method, [1, .. Good[1..]], StatusCode.Internal);

    [Fact]
    public async Task A_message_over_the_size_is_refused_before_it_is_read() =>
        await AnswersAsync(Method, [0, 0x7f, 0xff, 0xff, 0xff, 0], StatusCode.ResourceExhausted);

    [Fact]
    public async Task Garbage_in_place_of_a_message_is_refused() =>
        await AnswersAsync(Method, [0, 0, 0, 0, 4, 0xff, 0xff, 0xff, 0xff], null);

    [Fact]
    public async Task Text_that_is_not_utf_8_is_refused() =>
        await AnswersAsync(Method, [0, 0, 0, 0, 4, 0x0a, 2, 0xc3, 0x28], null);

    [Fact]
    public async Task A_method_that_is_not_there_is_unimplemented() =>
        await AnswersAsync("/TaskHubSidecarService/SignalEntity", Good, StatusCode.Unimplemented);

    [Fact]
    public async Task Bytes_that_are_not_http_2_close_the_connection_and_nothing_else()
    {
        await using var served = await ServedFixture.StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, served.Address.Port, ServedFixture.Cancellation);
        var stream = socket.GetStream();

        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n\0\0\0\0"u8.ToArray(), ServedFixture.Cancellation);
        using var deadline = Deadline.Start(ServedFixture.Cancellation);
        await ReadToEndAsync(stream, deadline.Token);

        Assert.False((await served.Client.GetInstanceAsync(new() { InstanceId = "a" }, cancellationToken: ServedFixture.Cancellation)).Exists);
    }

    private static async Task ReadToEndAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var buffer = new byte[1024];
        try
        {
            while (await stream.ReadAsync(buffer, cancellation) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset by the other side: closed as well.
        }
    }

    /// <param name="expected">Null for any refusal.</param>
    private static async Task AnswersAsync(string method, byte[] body, StatusCode? expected)
    {
        await using var served = await ServedFixture.StartAsync();
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(served.Address, method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        using var response = await invoker.SendAsync(request, ServedFixture.Cancellation);
        await response.Content.ReadAsByteArrayAsync(ServedFixture.Cancellation);

        var headers = response.TrailingHeaders.Contains("grpc-status") ? response.TrailingHeaders : response.Headers;
        var status = (StatusCode)int.Parse(headers.GetValues("grpc-status").Single(), System.Globalization.CultureInfo.InvariantCulture);
        if (expected is { } exact)
        {
            Assert.Equal(exact, status);
        }
        else
        {
            Assert.NotEqual(StatusCode.OK, status);
        }

        Assert.False((await served.Client.GetInstanceAsync(new() { InstanceId = "a" }, cancellationToken: ServedFixture.Cancellation)).Exists);
    }
}
