using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace PracticPro.Tests.FunctionsHost;

/// <summary>One request on a connection of its own, sent header by header as a captured client sent it.</summary>
internal static class RawRequest
{
    /// <param name="client">method, path, headers, body (text, or hexadecimal where it says so), chunked.</param>
    public static async Task<RawResponse> SendAsync(Uri address, JsonNode client)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port, cancellation);
        var stream = connection.GetStream();
        await stream.WriteAsync(Bytes(address, client), cancellation);
        return await RawResponse.ReadAsync(stream, cancellation);
    }

    private static byte[] Bytes(Uri address, JsonNode client)
    {
        var method = client["method"]!.GetValue<string>();
        var body = Body(client["body"]?.GetValue<string>());
        var isChunked = client["chunked"]?.GetValue<bool>() == true;
        var head = new StringBuilder($"{method} {client["path"]} HTTP/1.1\r\nHost: {address.Authority}\r\nAccept-Encoding: identity\r\n");
        foreach (var (name, value) in client["headers"]?.AsObject() ?? [])
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        head.Append(isChunked ? "Transfer-Encoding: chunked\r\n"
            : method == "POST" ? $"Content-Length: {body.Length}\r\n" : "");
        head.Append("\r\n");
        return isChunked
            ? [.. Encoding.UTF8.GetBytes(head.ToString()), .. Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"), .. body, .. "\r\n0\r\n\r\n"u8]
            : [.. Encoding.UTF8.GetBytes(head.ToString()), .. body];
    }

    private static byte[] Body(string? text)
    {
        const string hex = " (hex)";
        return text is null ? []
            : text.EndsWith(hex, StringComparison.Ordinal) ? Convert.FromHexString(text[..^hex.Length])
            : Encoding.UTF8.GetBytes(text);
    }
}

/// <param name="Headers">Without Date and Server.</param>
internal sealed record RawResponse(int Status, string Reason, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public IEnumerable<string> SortedHeaders => Headers.Select(one => $"{one.Name}: {one.Value}").Order(StringComparer.Ordinal);

    /// <summary>Reads one response; a response looks like a request but for its first line.</summary>
    public static async Task<RawResponse> ReadAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var read = (await HandlerRequest.ReadAsync(stream, cancellation))!;
        return new RawResponse(
            int.Parse(read.Target, CultureInfo.InvariantCulture),
            read.Rest,
            [.. read.Headers.Where(one => one.Name is not ("Date" or "Server"))],
            read.Body);
    }
}
