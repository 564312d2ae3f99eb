namespace PracticPro.Sandbox.Mail;

/// <summary>
/// Undoes a Content-Transfer-Encoding (RFC 2045 section 6). Never fails: what cannot be decoded stays as it is.
/// Unknown encodings, uuencode among them, are passed through.
/// </summary>
internal static class TransferDecoding
{
    public static byte[] Decode(ReadOnlySpan<byte> body, string? encoding) =>
        (encoding ?? "").Trim().ToLowerInvariant() switch
        {
            "base64" => Base64(body),
            "quoted-printable" => QuotedPrintable(body),
            _ => body.ToArray(),
        };

    /// <summary>
    /// Bytes outside the alphabet are skipped; padding ends a group, and what follows starts a new one.
    /// </summary>
    public static byte[] Base64(ReadOnlySpan<byte> body)
    {
        byte[] decoded = new byte[(body.Length / 4 * 3) + 3];
        int length = 0;
        int bits = 0;
        int held = 0;
        foreach (byte symbol in body)
        {
            int value = SixBits(symbol);
            if (value < 0)
            {
                // After padding the left-over bits are rubbish: mails glued together have '=' in the middle.
                held = symbol == (byte)'=' ? 0 : held;
                bits = symbol == (byte)'=' ? 0 : bits;
                continue;
            }

            held = ((held << 6) | value) & 0xFFFF;
            bits += 6;
            if (bits >= 8)
            {
                bits -= 8;
                decoded[length++] = (byte)((held >> bits) & 0xFF);
            }
        }

        return decoded[..length];
    }

    public static byte[] QuotedPrintable(ReadOnlySpan<byte> body)
    {
        byte[] decoded = new byte[body.Length];
        int length = 0;
        int at = 0;
        while (at < body.Length)
        {
            if (body[at] != (byte)'=')
            {
                decoded[length++] = body[at++];
                continue;
            }

            int soft = SoftBreak(body[at..]);
            if (soft > 0)
            {
                at += soft;
            }
            else if (at + 2 < body.Length && Hex(body[at + 1]) >= 0 && Hex(body[at + 2]) >= 0)
            {
                decoded[length++] = (byte)((Hex(body[at + 1]) << 4) | Hex(body[at + 2]));
                at += 3;
            }
            else
            {
                decoded[length++] = body[at++];
            }
        }

        return decoded[..length];
    }

    /// <summary>Length of "=", trailing blanks and a line end, or 0. An '=' as the very last byte counts too.</summary>
    private static int SoftBreak(ReadOnlySpan<byte> text)
    {
        int at = 1;
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t')
        {
            at++;
        }

        if (at == text.Length)
        {
            return at;
        }

        if (text[at] == (byte)'\n')
        {
            return at + 1;
        }

        return text[at] != (byte)'\r' ? 0 : at + 1 < text.Length && text[at + 1] == (byte)'\n' ? at + 2 : at + 1;
    }

    internal static int Hex(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        _ => -1,
    };

    private static int SixBits(byte symbol) => symbol switch
    {
        >= (byte)'A' and <= (byte)'Z' => symbol - 'A',
        >= (byte)'a' and <= (byte)'z' => symbol - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => symbol - '0' + 52,
        (byte)'+' => 62,
        (byte)'/' => 63,
        _ => -1,
    };
}
