using System.Buffers;

namespace PracticPro.Hosting.Functions.Payloads;

/// <summary>
/// A call's body in one piece. The host sends a large one in tens of thousands of small chunks, so it is gathered in a
/// borrowed array that doubles; give it back by disposing.
/// </summary>
internal sealed class PayloadBody : IDisposable
{
    private const int Beginning = 16 << 10;
    private byte[] bytes = ArrayPool<byte>.Shared.Rent(Beginning);
    private int length;

    private PayloadBody()
    {
    }

    public ReadOnlySpan<byte> Utf8 => bytes.AsSpan(0, length);

    /// <exception cref="PayloadUnreadableException">It is longer than the limit.</exception>
    public static Task<PayloadBody> ReadAsync(Stream from, int limit, CancellationToken cancellation) =>
        ReadAsync(from, limit, int.MaxValue, static () => Task.CompletedTask, cancellation);

    /// <param name="large">From how many bytes on a body is large.</param>
    /// <param name="beforeLarge">Awaited once before more than that is taken in; the sender waits meanwhile.</param>
    /// <exception cref="PayloadUnreadableException">It is longer than the limit.</exception>
    public static async Task<PayloadBody> ReadAsync(
        Stream from, int limit, int large, Func<Task> beforeLarge, CancellationToken cancellation)
    {
        var body = new PayloadBody();
        try
        {
            int read;
            var isLarge = false;
            while ((read = await from.ReadAsync(body.Room(), cancellation)) > 0)
            {
                body.length += read;
                if (body.length > limit)
                {
                    throw new PayloadUnreadableException(PayloadUnreadableException.TooLarge);
                }

                if (body.length > large && !isLarge)
                {
                    isLarge = true;
                    await beforeLarge();
                }
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>A text in one piece, for what came another way.</summary>
    public static PayloadBody Of(ReadOnlySpan<byte> utf8)
    {
        var body = new PayloadBody();
        body.Grow(utf8.Length);
        utf8.CopyTo(body.bytes);
        body.length = utf8.Length;
        return body;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = [];
        length = 0;
    }

    private Memory<byte> Room()
    {
        Grow(length + 1);
        return bytes.AsMemory(length);
    }

    private void Grow(int least)
    {
        if (least <= bytes.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(least, bytes.Length * 2));
        Utf8.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
    }
}
