using System.Text;

namespace PracticPro.Sandbox.Mail;

/// <summary>
/// One mailbox of an address header: the display name (may be empty) and the address (may lack an '@').
/// </summary>
internal readonly record struct MailAddress(string Name, string Address)
{
    /// <summary>
    /// All mailboxes of an address list (RFC 5322 section 3.4). Comments are dropped, group names too: the members
    /// of a group are listed like any others. Broken lists give what can be made out.
    /// </summary>
    public static IReadOnlyList<MailAddress> ParseList(string? header)
    {
        var found = new List<MailAddress>();
        var name = new StringBuilder();
        string? address = null;
        string text = header ?? "";
        int at = 0;
        while (at < text.Length)
        {
            char next = text[at];
            switch (next)
            {
                case '"':
                    at = ReadQuoted(text, at, name);
                    break;
                case '(':
                    at = SkipComment(text, at);
                    break;
                case '<':
                    int close = text.IndexOf('>', at);
                    close = close < 0 ? text.Length : close;
                    address = text[(at + 1)..close].Trim();
                    at = close + 1;
                    break;
                case ':':
                    // A group begins: what was read so far is its name.
                    name.Clear();
                    at++;
                    break;
                case ',' or ';':
                    Add(found, name, ref address);
                    at++;
                    break;
                default:
                    name.Append(next);
                    at++;
                    break;
            }
        }

        Add(found, name, ref address);
        return found;
    }

    private static void Add(List<MailAddress> found, StringBuilder name, ref string? address)
    {
        string words = name.ToString().Trim();
        name.Clear();
        if (address is not null)
        {
            found.Add(new MailAddress(EncodedWords.Decode(words), address));
        }
        else if (words.Length > 0)
        {
            found.Add(new MailAddress("", words));
        }

        address = null;
    }

    private static int ReadQuoted(string text, int at, StringBuilder name)
    {
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            at += text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
            name.Append(text[at]);
        }

        return at + 1;
    }

    /// <summary>Comments nest (RFC 5322 section 3.2.2); one that never closes runs to the end.</summary>
    private static int SkipComment(string text, int at)
    {
        int depth = 0;
        for (; at < text.Length; at++)
        {
            depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
            at += text[at] == '\\' ? 1 : 0;
            if (depth == 0)
            {
                return at + 1;
            }
        }

        return text.Length;
    }
}
