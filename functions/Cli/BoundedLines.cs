using System.Text;

namespace PracticPro.Cli;

/// <summary>
/// Lines of any input, one after the other, ended by a line feed with or without a carriage return before it; the last one
/// needs no end. A byte order mark before the first is passed over. A line that is too long is read to its end but not held, so
/// that who sends one gets an answer and not the end of the program.
/// </summary>
/// <param name="most">Characters of the longest line that is held.</param>
internal sealed class BoundedLines(TextReader input, int most)
{
    private const char ByteOrderMark = '\uFEFF';

    private readonly char[] piece = new char[16 * 1024];
    private int at;
    private int filled;
    private bool isFirst = true;

    /// <summary>Null at the end. The text is null for a line that was too long.</summary>
    public async ValueTask<Line?> NextAsync(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        var began = false;
        var isTooLong = false;
        while (at < filled || await FillAsync(cancellation))
        {
            began = true;
            var end = Array.IndexOf(piece, '\n', at, filled - at);
            var part = piece.AsSpan(at, (end < 0 ? filled : end) - at);
            isTooLong |= line.Length + part.Length > most;
            if (isTooLong)
            {
                line.Clear();
            }
            else
            {
                line.Append(part);
            }

            at = end < 0 ? filled : end + 1;
            if (end >= 0)
            {
                break;
            }
        }

        return began ? new Line(isTooLong ? null : Text(line)) : null;
    }

    private static string Text(StringBuilder line) =>
        line.Length > 0 && line[^1] == '\r' ? line.ToString(0, line.Length - 1) : line.ToString();

    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        (at, filled) = (0, await input.ReadAsync(piece, cancellation));
        if (isFirst && filled > 0)
        {
            at = piece[0] == ByteOrderMark ? 1 : 0;
            isFirst = false;
        }

        return at < filled || (filled > 0 && await FillAsync(cancellation));
    }

    internal readonly record struct Line(string? Text);
}
