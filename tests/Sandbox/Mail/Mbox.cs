namespace PracticPro.Sandbox.Mail;

/// <summary>
/// The mbox form of many messages in one file (RFC 4155). A message begins at a "From " line that stands first or
/// behind a blank line. Quoted ">From " lines in bodies are left quoted: nothing inside a message is changed.
/// </summary>
internal static class Mbox
{
    /// <summary>The message without the "From " line in front that some archives leave on it.</summary>
    public static byte[] WithoutFromLine(byte[] bytes)
    {
        if (!bytes.AsSpan().StartsWith("From "u8))
        {
            return bytes;
        }

        int lineEnd = Array.IndexOf(bytes, (byte)'\n');
        return lineEnd < 0 ? [] : bytes[(lineEnd + 1)..];
    }

    public static IEnumerable<byte[]> Split(byte[] bytes)
    {
        var starts = new List<int>();
        var lines = new LineScan(bytes, 0, bytes.Length);
        bool blankBefore = true;
        while (lines.MoveNext())
        {
            if (blankBefore && lines.Text.StartsWith("From "u8))
            {
                starts.Add(lines.Start);
            }

            blankBefore = lines.Text.IsEmpty;
        }

        for (int at = 0; at < starts.Count; at++)
        {
            int end = at + 1 < starts.Count ? starts[at + 1] : bytes.Length;
            yield return WithoutFromLine(bytes[starts[at]..end]);
        }
    }
}
