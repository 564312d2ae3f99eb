using System.Text;

namespace PracticPro.Cli;

/// <summary>
/// What comes in by a pipe or from a file: UTF-8 whatever the shell's language. Bytes that are none become a control
/// character, which may stand in no JSON: such a line is refused, and never taken for another text that looks alike.
/// </summary>
internal static class StandardInput
{
    // Not NUL: the runtime takes that for the end of what it puts in, and would leave the bytes out.
    private static readonly Encoding Utf8 =
        Encoding.GetEncoding("utf-8", EncoderFallback.ExceptionFallback, new DecoderReplacementFallback("\u0001"));

    public static TextReader Open() => Console.IsInputRedirected ? Over(Console.OpenStandardInput()) : Console.In;

    internal static TextReader Over(Stream bytes) =>
        new StreamReader(bytes, Utf8, detectEncodingFromByteOrderMarks: false);
}
