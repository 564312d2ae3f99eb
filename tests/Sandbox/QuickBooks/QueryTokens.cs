using System.Text;

namespace PracticPro.Sandbox.QuickBooks;

internal enum TokenKind
{
    Word,
    Text,
    Number,
    Sign,
    End,
}

/// <summary>One piece of a query, and where it stood (1 is the first character).</summary>
internal sealed record QueryToken(TokenKind Kind, string Value, int At);

/// <summary>
/// Cuts a query into pieces. Blanks and line breaks separate and mean nothing else; text stands in single quotes, with
/// \' for a quote in it.
/// </summary>
internal static class QueryTokens
{
    /// <summary>The pieces with an End behind them, or the place of what is none.</summary>
    public static (IReadOnlyList<QueryToken>? Tokens, string? Problem) Cut(string query)
    {
        var tokens = new List<QueryToken>();
        int at = 0;
        while (at < query.Length)
        {
            if (char.IsWhiteSpace(query[at]))
            {
                at++;
                continue;
            }

            if (Next(query, at) is not (QueryToken token, int behind))
            {
                return (null, $"Lexical error at line 1, column {at + 1}. Encountered: {query[at]}");
            }

            tokens.Add(token);
            at = behind;
        }

        tokens.Add(new QueryToken(TokenKind.End, "<EOF>", query.Length + 1));
        return (tokens, null);
    }

    private static (QueryToken Token, int Behind)? Next(string query, int at) => query[at] switch
    {
        '\'' => Text(query, at),
        '<' or '>' or '!' when at + 1 < query.Length && query[at + 1] == '=' => Sign(query, at, 2),
        '<' or '>' or '=' or '(' or ')' or ',' or '*' => Sign(query, at, 1),
        '-' or (>= '0' and <= '9') => Run(query, at, TokenKind.Number, letter => letter is '-' or '.' || char.IsAsciiDigit(letter)),
        '_' or (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') =>
            Run(query, at, TokenKind.Word, letter => letter is '_' or '.' || char.IsAsciiLetterOrDigit(letter)),
        _ => null,
    };

    private static (QueryToken, int) Sign(string query, int at, int length) =>
        (new QueryToken(TokenKind.Sign, query.Substring(at, length), at + 1), at + length);

    private static (QueryToken, int) Run(string query, int at, TokenKind kind, Func<char, bool> belongs)
    {
        int end = at + 1;
        while (end < query.Length && belongs(query[end]))
        {
            end++;
        }

        return (new QueryToken(kind, query[at..end], at + 1), end);
    }

    private static (QueryToken, int)? Text(string query, int at)
    {
        var text = new StringBuilder();
        for (int here = at + 1; here < query.Length; here++)
        {
            if (query[here] == '\'')
            {
                return (new QueryToken(TokenKind.Text, text.ToString(), at + 1), here + 1);
            }

            if (query[here] == '\\' && here + 1 < query.Length)
            {
                here++;
            }

            text.Append(query[here]);
        }

        return null;
    }
}
