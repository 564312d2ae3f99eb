namespace PracticPro.Audit.Verify;

/// <summary>
/// Lines of a file, each ended by one line feed, as spans over one buffer: a line is good until the next call.
/// Memory stays at the buffer however long the file is. A line too long for it is handed out cut, and told.
/// </summary>
internal sealed class LineReader(Stream stream) : IDisposable
{
    private const int BufferLength = 256 * 1024;

    private readonly byte[] buffer = new byte[BufferLength];
    private int start;
    private int end;
    private bool ended;

    /// <summary>True once a line was found that is too long, or that the file ends in without a line feed.</summary>
    public bool Damaged { get; private set; }

    /// <summary>The next line without its line feed; false at the end of the file.</summary>
    public bool TryNext(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var held = buffer.AsSpan(start, end - start);
            var length = held.IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = held[..length];
                start += length + 1;
                return true;
            }

            if (ended || held.Length == buffer.Length)
            {
                line = held;
                start = end;
                Damaged |= line.Length > 0;
                return line.Length > 0;
            }

            Fill(held);
        }
    }

    public void Dispose() => stream.Dispose();

    private void Fill(ReadOnlySpan<byte> held)
    {
        held.CopyTo(buffer);
        (start, end) = (0, held.Length);
        var read = stream.Read(buffer, end, buffer.Length - end);
        ended = read == 0;
        end += read;
    }
}
