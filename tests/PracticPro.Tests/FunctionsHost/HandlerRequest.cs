using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using PracticPro.Durable.Wire;

namespace PracticPro.Tests.FunctionsHost;

/// <summary>One request as it came over the wire.</summary>
/// <param name="Rest">What follows the target in the first line.</param>
/// <param name="Headers">In their order, names as they were sent.</param>
/// <param name="Chunks">Sizes of the chunks, the last 0 included; null for a body with a length.</param>
internal sealed record HandlerRequest(
    string Method, string Target, string Rest, IReadOnlyList<(string Name, string Value)> Headers, IReadOnlyList<int>? Chunks,
    byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The name of the function a payload is for.</summary>
    public string Function => Target[1..];

    /// <summary>A value of Data: the text inside the JSON string.</summary>
    public string Data(string name)
    {
        using var document = JsonDocument.Parse(Body);
        return JsonDocument.Parse(document.RootElement.GetProperty("Data").GetProperty(name).GetString()!).RootElement.ToString();
    }

    /// <summary>The turn in a payload of an orchestration trigger named "context".</summary>
    public OrchestratorRequest Turn() => OrchestratorRequest.Parser.ParseFrom(Convert.FromBase64String(Data("context")));

    /// <summary>The next request on a connection; null when it ends.</summary>
    public static async Task<HandlerRequest?> ReadAsync(NetworkStream stream, CancellationToken cancellation)
    {
        try
        {
            if (await LineAsync(stream, cancellation) is not { Length: > 0 } first)
            {
                return null;
            }

            var headers = new List<(string Name, string Value)>();
            while (await LineAsync(stream, cancellation) is { Length: > 0 } line)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                headers.Add((line[..colon], line[(colon + 1)..].Trim()));
            }

            var words = first.Split(' ', 3);
            var chunks = headers.Any(one => one is ("Transfer-Encoding", "chunked")) ? new List<int>() : null;
            var length = headers.Find(one => one.Name == "Content-Length").Value;
            var body = chunks is not null ? await ChunksAsync(stream, chunks, cancellation)
                : length is null ? []
                : await BytesAsync(stream, int.Parse(length, CultureInfo.InvariantCulture), cancellation);
            return new HandlerRequest(words[0], words[1], words[2], headers, chunks, body);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or EndOfStreamException)
        {
            return null;
        }
    }

    private static async Task<byte[]> ChunksAsync(NetworkStream stream, List<int> sizes, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        int size;
        do
        {
            size = int.Parse((await LineAsync(stream, cancellation))!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            sizes.Add(size);
            await body.WriteAsync(await BytesAsync(stream, size, cancellation), cancellation);
            await LineAsync(stream, cancellation);
        }
        while (size > 0);

        return body.ToArray();
    }

    private static async Task<byte[]> BytesAsync(NetworkStream stream, int count, CancellationToken cancellation)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }

    private static async Task<string?> LineAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, cancellation) == 1)
        {
            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(one[0]);
        }

        return null;
    }
}
