namespace PracticPro.Sandbox.Mail;

/// <summary>
/// Walks the lines of a byte range. A line ends at LF or CRLF; a lone CR ends a line only in text that holds no LF
/// at all (old Macintosh mail), because elsewhere it is a stray byte inside a line.
/// </summary>
internal ref struct LineScan
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _end;
    private readonly byte _terminator;

    public LineScan(ReadOnlySpan<byte> bytes, int start, int end)
    {
        _bytes = bytes;
        _end = end;
        Next = start;
        _terminator = bytes[start..end].Contains((byte)'\n') ? (byte)'\n' : (byte)'\r';
    }

    /// <summary>Where the current line begins.</summary>
    public int Start { get; private set; }

    /// <summary>Where the text of the current line ends, its line end left out.</summary>
    public int End { get; private set; }

    /// <summary>Where the next line begins.</summary>
    public int Next { get; private set; }

    public readonly ReadOnlySpan<byte> Text => _bytes[Start..End];

    public bool MoveNext()
    {
        if (Next >= _end)
        {
            return false;
        }

        Start = Next;
        int length = _bytes[Start.._end].IndexOf(_terminator);
        End = length < 0 ? _end : Start + length;
        Next = length < 0 ? _end : End + 1;
        if (_terminator == (byte)'\n' && End > Start && _bytes[End - 1] == (byte)'\r')
        {
            End--;
        }

        return true;
    }
}
