using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PracticPro.Approvals;

/// <summary>Attachments: multipart/mixed (RFC 2046 section 5.1.3), each part base64, its name as RFC 2231 has it.</summary>
internal static partial class MimeWriter
{
    // Of a name in percent-encoding, what fits a line of 78 beside the parameter's name and number.
    private const int EncodedNamePiece = 48;

    private static void Parts(StringBuilder mime, OutgoingMail mail, IReadOnlyList<byte[]> contents)
    {
        var boundary = Boundary(mail);
        Header(mime, "Content-Type", $"multipart/mixed;{Fold}boundary=\"{boundary}\"");
        mime.Append("\r\n--").Append(boundary).Append("\r\n");
        TextPart(mime, mail.Text);
        foreach (var (attachment, bytes) in mail.Attachments.Zip(contents))
        {
            mime.Append("--").Append(boundary).Append("\r\n");
            Header(mime, "Content-Type", Printable(attachment.MediaType));
            Header(mime, "Content-Disposition", $"attachment;{Fold}{FileName(attachment.Name)}");
            Header(mime, "Content-Transfer-Encoding", "base64");
            mime.Append("\r\n").Append(Convert.ToBase64String(bytes, Base64FormattingOptions.InsertLineBreaks)).Append("\r\n");
        }

        mime.Append("--").Append(boundary).Append("--\r\n");
    }

    // It follows from everything the parts hold, so that no part can hold it but by breaking SHA-256.
    private static string Boundary(OutgoingMail mail)
    {
        var basis = string.Join('\n', [mail.MessageId, mail.Text, .. mail.Attachments.Select(static one => one.Sha256)]);
        return $"=_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(basis)).AsSpan(0, 20))}";
    }

    /// <summary>Plain where it can be; otherwise UTF-8 in percent-encoding, in pieces of a line each (RFC 2231 sections 3 and 4).</summary>
    private static string FileName(string name)
    {
        OneLine(name);
        if (name.Length <= EncodedNamePiece && name.All(static symbol => symbol is >= ' ' and <= '~' and not ('"' or '\\')))
        {
            return $"filename=\"{name}\"";
        }

        var encoded = Uri.EscapeDataString(name);
        var pieces = new List<string>();
        for (var from = 0; from < encoded.Length;)
        {
            var length = Math.Min(EncodedNamePiece, encoded.Length - from);

            // A piece does not end within an encoded byte.
            var cut = encoded.LastIndexOf('%', from + length - 1, Math.Min(2, length));
            length = cut >= 0 && cut + 3 > from + length && cut > from ? cut - from : length;
            pieces.Add(encoded.Substring(from, length));
            from += length;
        }

        return string.Join($";{Fold}", pieces.Select(static (piece, at) =>
            string.Create(CultureInfo.InvariantCulture, $"filename*{at}*={(at == 0 ? "utf-8''" : "")}{piece}")));
    }
}
