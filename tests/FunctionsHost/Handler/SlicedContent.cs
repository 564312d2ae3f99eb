using System.Net;
using System.Net.Http.Headers;

namespace PracticPro.FunctionsHost.Handler;

/// <summary>A body without a length, sent in chunks of at most 1,024 bytes, as the real host's serializer flushes it.</summary>
internal sealed class SlicedContent : HttpContent
{
    private const int Slice = 1024;

    private readonly byte[] _body;
    private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SlicedContent(byte[] body)
    {
        _body = body;
        Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
    }

    /// <summary>Completes when the last byte has been handed to the connection.</summary>
    public Task Sent => _sent.Task;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        for (var at = 0; at < _body.Length; at += Slice)
        {
            await stream.WriteAsync(_body.AsMemory(at, Math.Min(Slice, _body.Length - at)));
        }

        await stream.FlushAsync();
        _sent.TrySetResult();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
