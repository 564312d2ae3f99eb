using System.Globalization;
using System.Text;

namespace PracticPro.CosmosDouble.Query;

internal enum TokenKind
{
    Word,
    Parameter,
    Number,
    Text,
    Symbol,
    End,
}

/// <summary>One token; text constants are already unescaped.</summary>
internal readonly record struct SqlToken(TokenKind Kind, string Text)
{
    /// <summary>Cuts a query into tokens.</summary>
    /// <exception cref="SqlNotUnderstoodException">A character begins no token, or a text constant does not end.</exception>
    public static List<SqlToken> Cut(string query)
    {
        var tokens = new List<SqlToken>();
        var at = 0;
        while (at < query.Length)
        {
            var first = query[at];
            if (char.IsWhiteSpace(first))
            {
                at++;
            }
            else if (char.IsAsciiLetter(first) || first is '_' or '@')
            {
                var end = End(query, at + 1, next => char.IsAsciiLetterOrDigit(next) || next == '_');
                tokens.Add(new(first == '@' ? TokenKind.Parameter : TokenKind.Word, query[at..end]));
                at = end;
            }
            else if (char.IsAsciiDigit(first))
            {
                var end = End(query, at + 1, next => char.IsAsciiDigit(next) || next == '.');
                tokens.Add(new(TokenKind.Number, query[at..end]));
                at = end;
            }
            else if (first is '\'' or '"')
            {
                at = AddText(query, at, tokens);
            }
            else
            {
                var symbol = query.AsSpan(at).StartsWith("!=") || query.AsSpan(at).StartsWith("<=")
                    || query.AsSpan(at).StartsWith(">=") || query.AsSpan(at).StartsWith("<>")
                    ? query.Substring(at, 2)
                    : "=<>(),.[]*-".Contains(first, StringComparison.Ordinal) ? first.ToString()
                    : throw new SqlNotUnderstoodException($"the character {first} at {at.ToString(CultureInfo.InvariantCulture)}");
                tokens.Add(new(TokenKind.Symbol, symbol));
                at += symbol.Length;
            }
        }

        tokens.Add(new(TokenKind.End, ""));
        return tokens;
    }

    public bool IsWord(string word) => Kind == TokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public bool IsSymbol(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    private static int End(string query, int at, Func<char, bool> belongs)
    {
        while (at < query.Length && belongs(query[at]))
        {
            at++;
        }

        return at;
    }

    private static int AddText(string query, int start, List<SqlToken> tokens)
    {
        var text = new StringBuilder();
        for (var at = start + 1; at < query.Length; at++)
        {
            if (query[at] == query[start])
            {
                tokens.Add(new(TokenKind.Text, text.ToString()));
                return at + 1;
            }

            if (query[at] != '\\')
            {
                text.Append(query[at]);
                continue;
            }

            at++;
            text.Append(at < query.Length ? query[at] switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\b',
                'f' => '\f',
                'u' when at + 4 < query.Length => (char)ushort.Parse(query.AsSpan(at + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                var other => other,
            } : '\\');
            at += at < query.Length && query[at] == 'u' ? 4 : 0;
        }

        throw new SqlNotUnderstoodException("a text constant without an end");
    }
}

/// <summary>The query is beyond the double, or wrong. Thrown within the parser, and caught where it is called.</summary>
/// <param name="what">Completes the sentence "The double does not know …".</param>
internal sealed class SqlNotUnderstoodException(string what) : Exception
{
    public string What => what;
}
